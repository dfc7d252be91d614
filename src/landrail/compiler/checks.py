"""Mistakes that show only once names are made: two things of one name, nobody to run apply, an
address with no room for the account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.compiler import names
from landrail.diagnostics import Diagnostic
from landrail.resources import Stack, Wanted
from landrail.spec import Platform

_ROOM_FOR_ACCOUNT = 12
_NAMED_BY: Mapping[str, str] = {
    "AWS::CodeBuild::Project": "Name",
    "AWS::CodeCommit::Repository": "RepositoryName",
    "AWS::CodePipeline::Pipeline": "Name",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::Events::Rule": "Name",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SageMaker::ModelPackageGroup": "ModelPackageGroupName",
    "AWS::SageMaker::UserProfile": "UserProfileName",
}


def check(platform: Platform, wanted: Wanted) -> Iterator[Diagnostic]:
    """Yield what is wrong with the names that the file leads to."""
    yield from _operators(platform)
    yield from _email(platform)
    yield from _twice(platform, wanted)


def _operators(platform: Platform) -> Iterator[Diagnostic]:
    if not platform.operators:
        yield Diagnostic(
            "nobody could run plan and apply: `operators` names nobody",
            "add a line like `operators: [your-name]`",
            platform.where("platform"),
        )


def _email(platform: Platform) -> Iterator[Diagnostic]:
    room = names.EMAIL - len(platform.email.replace("{account}", ""))
    if room < _ROOM_FOR_ACCOUNT:
        yield Diagnostic(
            f"`{platform.email}` leaves {room} of {names.EMAIL} characters for the account",
            f"shorten it: an account needs {_ROOM_FOR_ACCOUNT}",
            platform.where("email"),
        )


def _twice(platform: Platform, wanted: Wanted) -> Iterator[Diagnostic]:
    seen: dict[tuple[str, str, str], str] = {}
    for stack in wanted.of_kind(Stack):
        for made in stack.template["Resources"].values():
            name = _name_of(made)
            if name is None:
                continue
            # IAM tells names apart without regard to case; elsewhere two such would only confuse.
            key = (stack.account, made["Type"], name.lower())
            if key in seen:
                kind = made["Type"].rpartition("::")[2]
                yield Diagnostic(
                    f"two things would be called `{name}` in {stack.account} ({kind}): "
                    f"of stack {seen[key]} and of {stack.name}",
                    "rename a model, team or person of the file",
                    platform.where("platform"),
                )
            seen[key] = stack.name


def _name_of(made: Mapping[str, Any]) -> str | None:
    name = made["Properties"].get(_NAMED_BY.get(made["Type"], ""))
    return name if isinstance(name, str) else None

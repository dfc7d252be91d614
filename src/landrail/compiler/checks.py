"""Mistakes that show only once names are made: two things that would have the same one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.compiler.places import place_of
from landrail.diagnostics import Diagnostic
from landrail.resources import Address, Stack, Wanted
from landrail.spec import Platform

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
    """Yield every pair of things of one kind and account that would have one name."""
    seen: dict[tuple[str, str, str], str] = {}
    stacks: set[Address] = set()
    for stack in wanted.of_kind(Stack):
        if stack.address in stacks:
            yield Diagnostic(
                f"two stacks would be called `{stack.name}` in {stack.account}",
                "one of them is the platform's own; choose another name",
                place_of(platform, stack),
            )
            continue
        stacks.add(stack.address)
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
                    place_of(platform, stack),
                )
            seen[key] = stack.name


def _name_of(made: Mapping[str, Any]) -> str | None:
    name = made["Properties"].get(_NAMED_BY.get(made["Type"], ""))
    return name if isinstance(name, str) else None

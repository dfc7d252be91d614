"""AWS's size limits, checked on what was compiled, before anything is sent; those of organization
policies are checked in `guardrails.quotas`.

Sizes count ids that are known only after apply at their true length. Each check returns
diagnostics; nothing here changes a document.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.compiler.names import length
from landrail.compiler.places import has_pipelines, place_of
from landrail.diagnostics import Diagnostic
from landrail.resources import Stack, Wanted
from landrail.spec import Platform

TEMPLATE_BYTES = 51_200
RESOURCES_PER_TEMPLATE = 500
SCP_CHARACTERS_BEFORE = 5_120
"""The quota of organizations that AWS has not raised since May 2026."""
SCPS_PER_TARGET_BEFORE = 5
ROLE_INLINE = 10_240
ROLE_TRUST = 2_048
MANAGED_POLICY = 6_144
BUCKET_POLICY = 20_480
KEY_POLICY = 32_768
REPOSITORY_POLICY = 10_240

_SPLIT = "share with fewer lines of business, or split what it is about into two"
_SHORTER = (
    "write shorter defaults of its parameters, a shorter gate, fewer paths, or name its `dataset`"
)


def size(document: Any) -> int:
    """Return the length of a document as it is sent: compact JSON, ids at their true length."""
    return length(json.dumps(document, separators=(",", ":")))


def check(platform: Platform, wanted: Wanted) -> Iterator[Diagnostic]:
    """Yield a diagnostic for everything that AWS would refuse for its size."""
    for stack in wanted.of_kind(Stack):
        # What the file says of a model is in the templates of its pipelines and in no policy.
        long = _SHORTER if has_pipelines(platform, stack) else _SPLIT
        for summary, remedy in (*_template(stack, long), *_policies(stack)):
            yield Diagnostic(summary, remedy, place_of(platform, stack))


def _template(stack: Stack, remedy: str) -> Iterator[tuple[str, str]]:
    where = f"stack `{stack.address}`"
    characters = size(stack.template)
    if characters > TEMPLATE_BYTES:
        yield _too_long(where, characters, TEMPLATE_BYTES), remedy
    resources = len(stack.template["Resources"])
    if resources > RESOURCES_PER_TEMPLATE:
        many = f"{where} would have {resources} resources, AWS takes {RESOURCES_PER_TEMPLATE}"
        yield many, _SPLIT


def _policies(stack: Stack) -> Iterator[tuple[str, str]]:
    for logical, made in stack.template["Resources"].items():
        for what, document, limit in _documents(made):
            characters = size(document)
            if characters > limit:
                where = f"{what} of `{logical}` in stack `{stack.address}`"
                yield _too_long(where, characters, limit), _SPLIT


def _documents(made: Mapping[str, Any]) -> Iterator[tuple[str, Any, int]]:
    properties = made["Properties"]
    match made["Type"]:
        case "AWS::IAM::Role":
            yield "trust policy", properties["AssumeRolePolicyDocument"], ROLE_TRUST
            inline = [policy["PolicyDocument"] for policy in properties.get("Policies", ())]
            yield "inline policies", inline, ROLE_INLINE
        case "AWS::IAM::ManagedPolicy":
            yield "policy", properties["PolicyDocument"], MANAGED_POLICY
        case "AWS::S3::BucketPolicy":
            yield "bucket policy", properties["PolicyDocument"], BUCKET_POLICY
        case "AWS::KMS::Key":
            yield "key policy", properties["KeyPolicy"], KEY_POLICY
        case "AWS::ECR::Repository" if "RepositoryPolicyText" in properties:
            yield "repository policy", properties["RepositoryPolicyText"], REPOSITORY_POLICY
        case _:
            return


def _too_long(what: str, characters: int, limit: int) -> str:
    return f"{what} would have {characters} characters, AWS takes {limit}"

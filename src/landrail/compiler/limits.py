"""AWS's size limits, checked on what was compiled, before anything is sent.

Sizes count ids that are known only after apply at their true length. Each check returns
diagnostics; nothing here changes a document.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.compiler.names import length
from landrail.diagnostics import Diagnostic, Severity
from landrail.resources import Attachment, Policy, Stack, Wanted

TEMPLATE_BYTES = 51_200
RESOURCES_PER_TEMPLATE = 500
SCP_CHARACTERS = 10_240
SCP_CHARACTERS_BEFORE = 5_120
SCPS_PER_TARGET = 10
SCPS_PER_TARGET_BEFORE = 5
ROLE_INLINE = 10_240
ROLE_TRUST = 2_048
MANAGED_POLICY = 6_144
BUCKET_POLICY = 20_480
KEY_POLICY = 32_768
REPOSITORY_POLICY = 10_240

_SPLIT = "share with fewer lines of business, or split what it is about into two"


def size(document: Any) -> int:
    """Return the length of a document as it is sent: compact JSON, ids at their true length."""
    return length(json.dumps(document, separators=(",", ":")))


def check(wanted: Wanted) -> Iterator[Diagnostic]:
    """Yield a diagnostic for everything that AWS would refuse for its size."""
    yield from _policies(wanted)
    for stack in wanted.of_kind(Stack):
        yield from _stack(stack)


def _policies(wanted: Wanted) -> Iterator[Diagnostic]:
    for policy in wanted.of_kind(Policy):
        characters = size(policy.document)
        if characters > SCP_CHARACTERS:
            yield _too_long(f"policy `{policy.name}`", characters, SCP_CHARACTERS)
        elif characters > SCP_CHARACTERS_BEFORE:
            yield _warning(
                f"policy `{policy.name}` has {characters} characters: organizations with the quota "
                f"of before May 2026 take {SCP_CHARACTERS_BEFORE}"
            )
    counts: dict[str, int] = {}
    for attachment in wanted.of_kind(Attachment):
        counts[attachment.target] = counts.get(attachment.target, 1) + 1
    for target, count in counts.items():
        if count > SCPS_PER_TARGET:
            yield Diagnostic(
                f"`{target}` would have {count} policies, AWS takes {SCPS_PER_TARGET}",
                "remove guardrails from it",
            )
        elif count > SCPS_PER_TARGET_BEFORE:
            yield _warning(
                f"`{target}` has {count} policies: organizations with the quota of before May 2026 "
                f"take {SCPS_PER_TARGET_BEFORE}"
            )


def _stack(stack: Stack) -> Iterator[Diagnostic]:
    where = f"stack `{stack.address}`"
    characters = size(stack.template)
    if characters > TEMPLATE_BYTES:
        yield _too_long(where, characters, TEMPLATE_BYTES)
    if len(stack.template["Resources"]) > RESOURCES_PER_TEMPLATE:
        yield _too_long(f"{where} (resources)", len(stack.template["Resources"]), 500)
    for logical, made in stack.template["Resources"].items():
        for what, document, limit in _documents(made):
            characters = size(document)
            if characters > limit:
                yield _too_long(f"{what} of `{logical}` in {where}", characters, limit)


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


def _too_long(what: str, characters: int, limit: int) -> Diagnostic:
    return Diagnostic(f"{what} would have {characters} characters, AWS takes {limit}", _SPLIT)


def _warning(summary: str) -> Diagnostic:
    return Diagnostic(summary, "ask AWS for the new quota", severity=Severity.WARNING)

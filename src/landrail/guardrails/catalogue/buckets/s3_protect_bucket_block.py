"""Guardrail: nobody lifts the block of public access of a bucket."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    PLATFORM,
    Detective,
    Facts,
    Frameworks,
    Guardrail,
    Statement,
    deny,
    role,
)

_SETTINGS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
_BLOCKED = tuple(
    templates.is_not("AWS::S3::Bucket", f"PublicAccessBlockConfiguration.{name}", False)
    for name in _SETTINGS
)


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (deny("s3:PutBucketPublicAccessBlock", unless=(role(BREAK_GLASS), role(PLATFORM))),)


GUARDRAIL = Guardrail(
    id="s3-protect-bucket-block",
    title="nobody lifts the block of public access of a bucket",
    why="new buckets are blocked: whoever lifts that means to open one",
    severity="critical",
    remedy="leave the block as it is: a new bucket has it",
    frameworks=Frameworks(
        security_hub=("S3.8",),
        conformance_packs=(
            "datalake-analytics",
            "s3",
            "sagemaker-governance",
            "self-hosted-ai-ml",
        ),
    ),
    service_control=_statements,
    proactive=(*_BLOCKED,),
    detective=(Detective("s3-bucket-level-public-access-prohibited"),),
)

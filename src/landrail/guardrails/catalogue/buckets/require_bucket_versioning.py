"""Guardrail: what a bucket keeps of every version, it goes on keeping."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Facts, Frameworks, Guardrail
from landrail.guardrails.perimeter import BY_HAND
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.statements import Statement, deny


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    action = "s3:PutBucketVersioning"
    # No condition key tells whether a request turns versions on or suspends them, so all calls by
    # hand are denied; a template says what it makes, and is looked at.
    return (deny(action, unless=BREAK_GLASS_AND_PLATFORM, when=BY_HAND),)


GUARDRAIL = Guardrail(
    id="require-bucket-versioning",
    title="what a bucket keeps of every version, it goes on keeping",
    why="without versions, a mistaken or hostile write cannot be undone",
    severity="medium",
    remedy=(
        "delete objects; their versions stay for a while; turn versions of a bucket of your own on "
        "in its stack"
    ),
    frameworks=Frameworks(
        control_tower=("AWS-GR_S3_VERSIONING_ENABLED",),
        security_hub=("S3.14",),
        conformance_packs=(
            "ct-detective",
            "datalake-analytics",
            "s3",
            "sagemaker-governance",
            "self-hosted-ai-ml",
        ),
    ),
    service_control=_statements,
    proactive=(
        templates.is_one_of("AWS::S3::Bucket", "VersioningConfiguration.Status", "Enabled"),
    ),
    detective=(Detective("s3-bucket-versioning-enabled"),),
)

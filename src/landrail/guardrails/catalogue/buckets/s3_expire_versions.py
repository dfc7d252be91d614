"""Guardrail: buckets let go of old versions."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="s3-expire-versions",
    title="buckets let go of old versions",
    why="versions that nobody deletes are paid for, and leak what was meant to be gone",
    severity="low",
    remedy="set a lifecycle rule for versions that are not current",
    frameworks=Frameworks(
        security_hub=("S3.10",),
        conformance_packs=(
            "datalake-analytics",
            "s3",
        ),
    ),
    proactive=(templates.given("AWS::S3::Bucket", "LifecycleConfiguration.Rules"),),
    detective=(Detective("s3-version-lifecycle-policy-check"),),
    recommended=False,
)

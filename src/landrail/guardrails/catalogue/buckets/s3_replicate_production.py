"""Guardrail: buckets of production have a copy."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="s3-replicate-production",
    title="buckets of production have a copy",
    why="a region can be out of order for a day",
    severity="low",
    remedy="set replication in the bucket's stack",
    kinds=("production",),
    frameworks=Frameworks(
        conformance_packs=(
            "datalake-analytics",
            "s3",
            "sagemaker-governance",
            "self-hosted-ai-ml",
        ),
    ),
    proactive=(templates.given("AWS::S3::Bucket", "ReplicationConfiguration"),),
    detective=(Detective("s3-bucket-replication-enabled"),),
    recommended=False,
)

"""Guardrail: buckets write down who asked for what."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="s3-log-requests",
    title="buckets write down who asked for what",
    why="the trail's data events cost more than they tell for busy buckets",
    severity="medium",
    remedy="set a logging bucket",
    frameworks=Frameworks(
        security_hub=("S3.9",),
        conformance_packs=(
            "datalake-analytics",
            "s3",
            "sagemaker-governance",
            "self-hosted-ai-ml",
        ),
    ),
    proactive=(templates.given("AWS::S3::Bucket", "LoggingConfiguration"),),
    detective=(Detective("s3-bucket-logging-enabled"),),
    recommended=False,
)

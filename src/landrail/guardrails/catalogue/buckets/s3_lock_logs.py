"""Guardrail: the log archive keeps its objects for a time that nobody can shorten."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="s3-lock-logs",
    title="the log archive keeps its objects for a time that nobody can shorten",
    why="evidence that can be deleted is none",
    severity="medium",
    remedy="give the bucket a default retention when it is made",
    kinds=("log-archive",),
    frameworks=Frameworks(
        security_hub=("S3.15",),
        conformance_packs=(
            "datalake-analytics",
            "s3",
            "sagemaker-governance",
            "self-hosted-ai-ml",
        ),
    ),
    detective=(Detective("s3-bucket-default-lock-enabled"),),
)

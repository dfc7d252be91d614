"""Guardrail: what builds put out is encrypted."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.holding import Holding, Holdings, always

GUARDRAIL = Guardrail(
    id="codebuild-encrypted",
    title="what builds put out is encrypted",
    why="artifacts are what runs in production tomorrow",
    severity="medium",
    remedy="leave encryptionDisabled out",
    kinds=(
        "shared-services",
        "data-science",
        "development",
        "uat",
        "production",
    ),
    frameworks=Frameworks(
        security_hub=("CodeBuild.3",),
        conformance_packs=("devops",),
    ),
    service_control=Holdings(
        tuple(
            Holding(key=f"codebuild:{name}.encryptionDisabled", must=always(must.not_true()))
            for name in ("artifacts", "logsConfig.s3Logs")
        )
    ),
    proactive=(
        templates.is_not("AWS::CodeBuild::Project", "Artifacts.EncryptionDisabled", True),
        templates.is_not("AWS::CodeBuild::Project", "LogsConfig.S3Logs.EncryptionDisabled", True),
    ),
    detective=(
        Detective("codebuild-project-artifact-encryption"),
        Detective("codebuild-project-s3-logs-encrypted"),
    ),
)

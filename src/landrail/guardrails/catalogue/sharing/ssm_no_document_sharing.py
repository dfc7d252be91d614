"""Guardrail: no document of Systems Manager is shared or public."""

from __future__ import annotations

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


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            (
                "ssm:ModifyDocumentPermission",
                "ssm:ResetServiceSetting",
                "ssm:UpdateServiceSetting",
            ),
            unless=(role(BREAK_GLASS), role(PLATFORM)),
        ),
    )


GUARDRAIL = Guardrail(
    id="ssm-no-document-sharing",
    title="no document of Systems Manager is shared or public",
    why="documents tell how machines are run, and what runs on them",
    severity="high",
    remedy="keep the document in its account",
    frameworks=Frameworks(
        control_tower=("AWS-GR_SSM_DOCUMENT_NOT_PUBLIC",),
        security_hub=("SSM.4",),
        conformance_packs=("ct-detective",),
    ),
    service_control=_statements,
    detective=(
        Detective("ssm-document-not-public"),
        Detective("ssm-document-open-outside"),
    ),
)

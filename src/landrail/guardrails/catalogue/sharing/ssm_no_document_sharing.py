"""Guardrail: no document of Systems Manager is shared or public."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.statements import deny, fixed

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
    service_control=fixed(
        deny(
            ("ssm:ModifyDocumentPermission", "ssm:ResetServiceSetting", "ssm:UpdateServiceSetting"),
            unless=BREAK_GLASS_AND_PLATFORM,
        )
    ),
    detective=(Detective("ssm-document-not-public"), Detective("ssm-document-open-outside")),
)

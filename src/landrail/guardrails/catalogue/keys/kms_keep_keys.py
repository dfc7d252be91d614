"""Guardrail: no key is deleted or disabled."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="kms-keep-keys",
    title="no key is deleted or disabled",
    why="without its key, data is gone",
    severity="critical",
    remedy="stop using the key; the platform deletes its keys with what they encrypt",
    frameworks=Frameworks(security_hub=("KMS.3",)),
    service_control=fixed(
        deny(
            ("kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:DeleteImportedKeyMaterial"),
            unless=BREAK_GLASS_AND_PLATFORM,
        )
    ),
    detective=(Detective("kms-cmk-not-scheduled-for-deletion"),),
)

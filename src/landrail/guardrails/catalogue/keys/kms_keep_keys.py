"""Guardrail: no key is deleted or disabled."""

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
                "kms:ScheduleKeyDeletion",
                "kms:DisableKey",
                "kms:DeleteImportedKeyMaterial",
            ),
            unless=(role(BREAK_GLASS), role(PLATFORM)),
        ),
    )


GUARDRAIL = Guardrail(
    id="kms-keep-keys",
    title="no key is deleted or disabled",
    why="without its key, data is gone",
    severity="critical",
    remedy="stop using the key; the platform deletes its keys with what they encrypt",
    frameworks=Frameworks(
        security_hub=("KMS.3",),
    ),
    service_control=_statements,
    detective=(Detective("kms-cmk-not-scheduled-for-deletion"),),
)

"""Guardrail: only the platform says who administers the lake."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="lake-protect-settings",
    title="only the platform says who administers the lake",
    why="an administrator of the lake grants everything",
    severity="critical",
    remedy="change the file and apply it",
    kinds=("data-management", "data-science", "development"),
    service_control=fixed(
        deny(
            (
                "lakeformation:DeregisterResource",
                "lakeformation:PutDataLakeSettings",
                "lakeformation:RegisterResource",
                "lakeformation:UpdateResource",
            ),
            unless=BREAK_GLASS_AND_PLATFORM,
        )
    ),
)

"""Guardrail: only the platform says who administers the lake."""

from __future__ import annotations

from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    PLATFORM,
    Facts,
    Guardrail,
    Statement,
    deny,
    role,
)


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            (
                "lakeformation:DeregisterResource",
                "lakeformation:PutDataLakeSettings",
                "lakeformation:RegisterResource",
                "lakeformation:UpdateResource",
            ),
            unless=(role(BREAK_GLASS), role(PLATFORM)),
        ),
    )


GUARDRAIL = Guardrail(
    id="lake-protect-settings",
    title="only the platform says who administers the lake",
    why="an administrator of the lake grants everything",
    severity="critical",
    remedy="change the file and apply it",
    kinds=(
        "data-management",
        "data-science",
        "development",
    ),
    service_control=_statements,
)

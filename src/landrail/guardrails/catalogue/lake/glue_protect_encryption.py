"""Guardrail: nobody changes how the catalog and jobs are encrypted."""

from __future__ import annotations

from landrail.guardrails.guardrail import BREAK_GLASS, Facts, Guardrail, Statement, deny, role


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            (
                "glue:DeleteSecurityConfiguration",
                "glue:PutDataCatalogEncryptionSettings",
            ),
            unless=(role(BREAK_GLASS),),
        ),
    )


GUARDRAIL = Guardrail(
    id="glue-protect-encryption",
    title="nobody changes how the catalog and jobs are encrypted",
    why="the catalog knows where everything is, and connections keep passwords",
    severity="medium",
    remedy="change the file and apply it",
    kinds=(
        "data-management",
        "data-science",
        "development",
    ),
    service_control=_statements,
)

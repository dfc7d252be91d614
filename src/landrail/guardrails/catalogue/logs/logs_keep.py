"""Guardrail: nobody deletes logs."""

from __future__ import annotations

from landrail.guardrails.guardrail import MAKERS, Facts, Guardrail, Statement, deny


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            (
                "logs:DeleteLogGroup",
                "logs:DeleteLogStream",
            ),
            unless=MAKERS,
        ),
    )


GUARDRAIL = Guardrail(
    id="logs-keep",
    title="nobody deletes logs",
    why="a log that can be deleted is evidence of nothing",
    severity="high",
    remedy="let them expire",
    service_control=_statements,
    recommended=False,
)

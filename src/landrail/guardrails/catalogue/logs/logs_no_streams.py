"""Guardrail: no log is streamed to another account."""

from __future__ import annotations

from landrail.guardrails.guardrail import BREAK_GLASS, Facts, Guardrail, Statement, deny, role


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            (
                "logs:PutAccountPolicy",
                "logs:PutDestination*",
                "logs:PutSubscriptionFilter",
            ),
            unless=(role(BREAK_GLASS),),
        ),
    )


GUARDRAIL = Guardrail(
    id="logs-no-streams",
    title="no log is streamed to another account",
    why="a subscription goes on by itself, and logs hold what was asked",
    severity="high",
    remedy="read logs where they are",
    service_control=_statements,
)

"""Guardrail: no log is streamed to another account."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="logs-no-streams",
    title="no log is streamed to another account",
    why="a subscription goes on by itself, and logs hold what was asked",
    severity="high",
    remedy="read logs where they are",
    service_control=fixed(
        deny(
            ("logs:PutAccountPolicy", "logs:PutDestination*", "logs:PutSubscriptionFilter"),
            unless=BREAK_GLASS_ONLY,
        )
    ),
)

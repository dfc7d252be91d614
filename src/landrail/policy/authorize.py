"""`authorize`: one request against every policy in force."""

from __future__ import annotations

from landrail.policy.decision import Decision
from landrail.policy.findings import Layer, Outcome, Reason
from landrail.policy.values import Policies, Request


def authorize(request: Request, policies: Policies) -> Decision:
    """Decide whether the request may go on, under AWS's evaluation logic."""
    return Decision(
        Outcome.IMPLICIT_DENY, Reason.NOT_ALLOWED, request, explain=tuple, layer=Layer.IDENTITY
    )

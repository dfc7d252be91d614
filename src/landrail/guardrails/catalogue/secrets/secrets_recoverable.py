"""Guardrail: a deleted secret can be brought back."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.holding import Holding, always

GUARDRAIL = Guardrail(
    id="secrets-recoverable",
    title="a deleted secret can be brought back",
    why="what needs the secret stops at once",
    severity="medium",
    remedy="leave ForceDeleteWithoutRecovery out",
    service_control=Holding(
        key="secretsmanager:ForceDeleteWithoutRecovery", must=always(must.not_true())
    ),
    recommended=False,
)

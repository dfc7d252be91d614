"""Guardrail: only approved foundation models are asked."""

from __future__ import annotations

from landrail.guardrails.guardrail import Facts, Guardrail, Option
from landrail.guardrails.statements import Statement


def _statements(facts: Facts) -> tuple[Statement, ...]:
    approved = facts.option("bedrock-models")
    if not approved:
        return ()
    return (
        {
            "Effect": "Deny",
            "Action": "bedrock:InvokeModel*",
            "NotResource": [f"arn:aws:bedrock:*::foundation-model/{name}" for name in approved],
        },
    )


GUARDRAIL = Guardrail(
    id="bedrock-models",
    title="only approved foundation models are asked",
    why="each model's terms say something else about what it is asked",
    severity="medium",
    remedy="take a model that the file names",
    service_control=_statements,
    recommended=False,
    option=Option("patterns of the ids of foundation models", r"[A-Za-z0-9*?.:-]+"),
)

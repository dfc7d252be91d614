"""Guardrail: only its release pipeline approves a model version, after a person's approval."""

from __future__ import annotations

from landrail.guardrails.actions import carrying, patterns
from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    Facts,
    Guardrail,
    Statement,
    deny,
    role,
)


def _approval(_facts: Facts) -> tuple[Statement, ...]:
    key = "sagemaker:ModelApprovalStatus"
    return (
        deny(
            patterns("sagemaker", carrying("sagemaker", key)),
            unless=(role("pipeline-*-production"), role(BREAK_GLASS)),
            when={"StringEquals": {key: "Approved"}},
        ),
    )


GUARDRAIL = Guardrail(
    id="approve-by-pipeline",
    title="a model version is approved only by its release pipeline, after a person's approval",
    why="an approval that no pipeline gave has passed no gate",
    severity="critical",
    remedy="approve the release in the model's release pipeline",
    service_control=_approval,
)

"""Guardrail: only its release pipeline approves a model version, after a person's approval."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.powers import BREAK_GLASS, role

GUARDRAIL = Guardrail(
    id="approve-by-pipeline",
    title="a model version is approved only by its release pipeline, after a person's approval",
    why="an approval that no pipeline gave has passed no gate",
    severity="critical",
    remedy="approve the release in the model's release pipeline",
    service_control=Holding(
        key="sagemaker:ModelApprovalStatus",
        must=always(must.not_one_of("Approved")),
        unless=(role("pipeline-*-production"), role(BREAK_GLASS)),
    ),
)

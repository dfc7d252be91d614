"""Guardrail: only its release pipeline moves a model version to a stage of its life."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.holding import Holding, Holdings, always
from landrail.guardrails.powers import BREAK_GLASS, role
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-stage-by-pipeline",
    title="only its release pipeline moves a model version to a stage of its life",
    why="a stage that no pipeline gave has passed no gate",
    severity="high",
    remedy="approve the release in the model's release pipeline",
    kinds=(*ML_KINDS, "shared-services"),
    service_control=Holdings(
        tuple(
            Holding(
                key=f"sagemaker:ModelLifeCycle:{name}",
                must=always(must.not_given()),
                unless=(role("pipeline-*-production"), role(BREAK_GLASS)),
            )
            for name in ("Stage", "StageStatus")
        )
    ),
)

"""Guardrail: nobody takes gated models of others past the platform."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-deny-gated-models",
    title="nobody takes gated models of others past the platform",
    why="who accepts a licence accepts it for the enterprise",
    severity="medium",
    remedy="have the model approved, and bring it as a model of your own",
    kinds=ML_KINDS,
    service_control=Holding(key="sagemaker:DirectGatedModelAccess", must=always(must.not_given())),
)

"""Guardrail: nobody joins an editor of one's own machine to a Studio space."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-deny-remote-spaces",
    title="nobody joins an editor of one's own machine to a Studio space",
    why="an editor on a laptop takes files out of the VPC",
    severity="medium",
    remedy="work in the space through Studio",
    kinds=ML_KINDS,
    service_control=Holding(key="sagemaker:RemoteAccess", must=always(must.not_one_of("ENABLED"))),
    proactive=(templates.is_not("AWS::SageMaker::Space", "SpaceSettings.RemoteAccess", "ENABLED"),),
)

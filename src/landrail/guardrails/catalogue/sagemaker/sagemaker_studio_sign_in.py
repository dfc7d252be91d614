"""Guardrail: people enter Studio through roles of the platform."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.holding import Holding, always

GUARDRAIL = Guardrail(
    id="sagemaker-studio-sign-in",
    title="people enter Studio through roles of the platform",
    why="a domain of another sign-in has people that the file does not name",
    severity="medium",
    remedy="make the domain with AuthMode IAM",
    kinds=("data-science", "development"),
    service_control=Holding(key="sagemaker:AuthMode", must=always(must.one_of("IAM"))),
    proactive=(templates.is_one_of("AWS::SageMaker::Domain", "AuthMode", "IAM"),),
)

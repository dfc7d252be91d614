"""Guardrail: a Studio space belongs to one person."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.holding import Holding, always

GUARDRAIL = Guardrail(
    id="sagemaker-private-spaces",
    title="a Studio space belongs to one person",
    why="in a shared space everybody acts under one role, and the trail names no person",
    severity="medium",
    remedy="make a private space",
    kinds=("data-science", "development"),
    service_control=Holding(
        key="sagemaker:SpaceSharingType",
        must=always(must.one_of("Private")),
        apart=dict.fromkeys(
            ("CreateApp", "DeleteApp", "DeleteSpace", "UpdateSpace"),
            "a space keeps the sharing that it was made with: CreateSpace is held",
        ),
    ),
    proactive=(
        templates.is_one_of("AWS::SageMaker::Space", "SpaceSharingSettings.SharingType", "Private"),
    ),
    recommended=False,
)

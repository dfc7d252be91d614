"""Guardrail: repositories let go of old images."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="ecr-expire-images",
    title="repositories let go of old images",
    why="old images are paid for, and run with holes that are known",
    severity="low",
    remedy="give the repository a lifecycle policy",
    frameworks=Frameworks(
        security_hub=("ECR.3",),
        conformance_packs=(
            "devops",
            "self-hosted-ai-ml",
        ),
    ),
    proactive=(templates.given("AWS::ECR::Repository", "LifecyclePolicy.LifecyclePolicyText"),),
    detective=(Detective("ecr-private-lifecycle-policy-configured"),),
    recommended=False,
)

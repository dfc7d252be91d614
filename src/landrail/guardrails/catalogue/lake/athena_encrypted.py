"""Guardrail: answers of Athena are encrypted."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.powers import MAKERS, role
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="athena-encrypted",
    title="answers of Athena are encrypted",
    why="an answer is a copy of the data",
    severity="medium",
    remedy="set the workgroup's encryption, and enforce it",
    frameworks=Frameworks(conformance_packs=("sagemaker-governance",)),
    service_control=fixed(
        deny("athena:UpdateWorkGroup", unless=(*MAKERS, role("data-engineer-*")))
    ),
    proactive=(
        templates.given(
            "AWS::Athena::WorkGroup",
            "WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration.EncryptionOption",
        ),
    ),
    detective=(Detective("athena-workgroup-encrypted-at-rest"),),
    recommended=False,
)

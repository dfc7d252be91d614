"""Guardrail: volumes stay encrypted by default."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Facts, Frameworks, Guardrail
from landrail.guardrails.powers import MAKERS
from landrail.guardrails.statements import Statement, deny


def _volumes(_facts: Facts) -> tuple[Statement, ...]:
    actions = (
        "ec2:DisableEbsEncryptionByDefault",
        "ec2:ModifyEbsDefaultKmsKeyId",
        "ec2:ResetEbsDefaultKmsKeyId",
    )
    return (deny(actions, unless=MAKERS),)


GUARDRAIL = Guardrail(
    id="require-volume-encryption",
    title="volumes stay encrypted by default",
    why="a volume or snapshot that is not encrypted can be copied and read",
    severity="medium",
    remedy="leave the default on",
    frameworks=Frameworks(security_hub=("EC2.7",), conformance_packs=("self-hosted-ai-ml",)),
    service_control=_volumes,
    detective=(Detective("ec2-ebs-encryption-by-default"),),
)

"""Guardrail: volumes stay encrypted by default."""

from __future__ import annotations

from landrail.guardrails.guardrail import (
    MAKERS,
    Facts,
    Guardrail,
    Statement,
    deny,
)


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
    service_control=_volumes,
)

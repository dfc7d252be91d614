"""Guardrail: objects are encrypted under KMS or not written at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.perimeter import but_services, deny_all
from landrail.guardrails.statements import Statement


def _resources(_facts: Facts) -> tuple[Statement, ...]:
    header = "s3:x-amz-server-side-encryption"
    other: Mapping[str, Mapping[str, Any]] = {
        "Null": {header: "false"},
        "StringNotEquals": {header: ["aws:kms", "aws:kms:dsse"]},
    }
    return (deny_all("s3:PutObject", but_services(other)),)


GUARDRAIL = Guardrail(
    id="s3-objects-under-kms",
    title="objects are encrypted under KMS or not written at all",
    why="a header of a request is stronger than the default of its bucket",
    severity="high",
    remedy="leave out the encryption header, or say aws:kms",
    resource_control=_resources,
    recommended=False,
)

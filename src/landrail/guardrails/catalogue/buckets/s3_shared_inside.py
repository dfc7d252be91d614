"""Guardrail: buckets are shared inside of the organization alone."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Facts, Guardrail, Statement
from landrail.guardrails.perimeter import ours_only


def _resources(_facts: Facts) -> tuple[Statement, ...]:
    return (ours_only("s3:*"),)


GUARDRAIL = Guardrail(
    id="s3-shared-inside",
    title="buckets are shared inside of the organization alone",
    why="an account outside is bound by none of the guardrails",
    severity="high",
    remedy="share with roles of the file",
    resource_control=_resources,
    detective=(
        Detective("s3-bucket-open-outside"),
        Detective("s3-access-point-open-outside"),
    ),
)

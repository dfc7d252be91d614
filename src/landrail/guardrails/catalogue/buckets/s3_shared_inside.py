"""Guardrail: buckets are shared inside of the organization alone."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.perimeter import ours_only
from landrail.guardrails.statements import fixed

GUARDRAIL = Guardrail(
    id="s3-shared-inside",
    title="buckets are shared inside of the organization alone",
    why="an account outside is bound by none of the guardrails",
    severity="high",
    remedy="share with roles of the file",
    resource_control=fixed(ours_only("s3:*")),
    detective=(Detective("s3-bucket-open-outside"), Detective("s3-access-point-open-outside")),
)

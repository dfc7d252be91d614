"""Guardrail: the lake is granted to identities of the organization."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Guardrail

GUARDRAIL = Guardrail(
    id="lake-granted-inside",
    title="the lake is granted to identities of the organization",
    why="a grant of the lake opens data past the bucket's policy",
    severity="critical",
    remedy="grant to roles of the file",
    detective=(Detective("lakeformation-open-outside"),),
)

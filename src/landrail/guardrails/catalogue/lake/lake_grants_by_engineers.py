"""Guardrail: only the platform and data engineers grant the lake."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import MAKERS, role
from landrail.guardrails.statements import deny, fixed

_GRANTING = (
    "lakeformation:BatchGrantPermissions",
    "lakeformation:BatchRevokePermissions",
    "lakeformation:CreateLakeFormationOptIn",
    "lakeformation:GrantPermissions",
    "lakeformation:RevokePermissions",
)


GUARDRAIL = Guardrail(
    id="lake-grants-by-engineers",
    title="only the platform and data engineers grant the lake",
    why="a grant of the lake opens data past the bucket's policy",
    severity="high",
    remedy="ask the data engineers; `share` of a data set in the file",
    kinds=("data-management",),
    service_control=fixed(deny(_GRANTING, unless=(*MAKERS, role("data-engineer-*")))),
)

"""Guardrail: the lake is opened by grants, not by IAM."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Guardrail

GUARDRAIL = Guardrail(
    id="lake-by-grants",
    title="the lake is opened by grants, not by IAM",
    why="under the old default, whoever may read the catalog reads the data",
    severity="high",
    remedy="revoke what IAMAllowedPrincipals has, and change the defaults of the lake",
    kinds=("data-management",),
    detective=(
        Detective("lakeformation-no-iam-allowed-principals"),
        Detective("lakeformation-defaults-closed"),
    ),
    recommended=False,
)

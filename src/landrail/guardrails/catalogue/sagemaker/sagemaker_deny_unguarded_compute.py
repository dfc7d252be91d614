"""Guardrail: nobody starts what no condition could hold."""

from __future__ import annotations

from landrail.guardrails.actions import narrow
from landrail.guardrails.guardrail import BREAK_GLASS, Facts, Guardrail, Statement, deny, role
from landrail.guardrails.sagemaker import ML_KINDS, bare


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (deny(narrow("sagemaker", bare()), unless=(role(BREAK_GLASS),)),)


GUARDRAIL = Guardrail(
    id="sagemaker-deny-unguarded-compute",
    title="nobody starts what no condition could hold",
    why="no condition can put such a job into the VPC, or name a key for it",
    severity="medium",
    remedy="use training and processing jobs",
    kinds=ML_KINDS,
    service_control=_statements,
)

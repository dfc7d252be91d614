"""Guardrail: nobody calls SageMaker with a bearer token."""

from __future__ import annotations

from landrail.guardrails.guardrail import BREAK_GLASS, Facts, Guardrail, Statement, deny, role
from landrail.guardrails.sagemaker import ML_KINDS


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (deny("sagemaker:CallWithBearerToken", unless=(role(BREAK_GLASS),)),)


GUARDRAIL = Guardrail(
    id="sagemaker-deny-bearer-tokens",
    title="nobody calls SageMaker with a bearer token",
    why="who holds a bearer token acts as its owner, from anywhere",
    severity="medium",
    remedy="sign requests with the credentials of a role",
    kinds=ML_KINDS,
    service_control=_statements,
)

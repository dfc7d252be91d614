"""Guardrail: nobody calls SageMaker with a bearer token."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.sagemaker import ML_KINDS
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="sagemaker-deny-bearer-tokens",
    title="nobody calls SageMaker with a bearer token",
    why="who holds a bearer token acts as its owner, from anywhere",
    severity="medium",
    remedy="sign requests with the credentials of a role",
    kinds=ML_KINDS,
    service_control=fixed(deny("sagemaker:CallWithBearerToken", unless=BREAK_GLASS_ONLY)),
)

"""Guardrail: nobody buys capacity in advance."""

from __future__ import annotations

from landrail.guardrails.actions import actions, narrow
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.sagemaker import ML_KINDS
from landrail.guardrails.statements import Statement, deny

_BUYING = ("CreateReservedCapacity", "CreateTrainingPlan", "ExtendTrainingPlan")


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    wanted = tuple(name for name in _BUYING if name in actions("sagemaker"))
    return (deny(narrow("sagemaker", wanted), unless=BREAK_GLASS_ONLY),)


GUARDRAIL = Guardrail(
    id="sagemaker-deny-purchases",
    title="nobody buys capacity in advance",
    why="a training plan is paid whether it is used or not",
    severity="medium",
    remedy="ask who answers for the costs",
    kinds=ML_KINDS,
    service_control=_statements,
)

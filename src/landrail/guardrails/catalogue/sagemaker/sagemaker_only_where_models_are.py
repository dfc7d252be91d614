"""Guardrail: nothing of SageMaker runs in accounts that hold other things."""

from __future__ import annotations

from landrail.guardrails.actions import actions, patterns
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.sagemaker import OTHER_KINDS
from landrail.guardrails.statements import Statement, deny

_REGISTRY = ("CreateModelPackage", "CreateModelPackageGroup")
_RUNS = ("Create", "Start", "Invoke")


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    runs = tuple(name for name in actions("sagemaker") if name.startswith(_RUNS))
    wanted = tuple(sorted(set(runs) - set(_REGISTRY)))
    return (deny(patterns("sagemaker", wanted), unless=BREAK_GLASS_AND_PLATFORM),)


GUARDRAIL = Guardrail(
    id="sagemaker-only-where-models-are",
    title="nothing of SageMaker runs in accounts that hold other things",
    why="a job beside the logs or the data lake runs past everything that holds where models are",
    severity="high",
    remedy="work in the accounts of the line of business",
    kinds=OTHER_KINDS,
    service_control=_statements,
)

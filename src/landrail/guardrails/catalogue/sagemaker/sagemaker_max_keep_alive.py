"""Guardrail: warm pools of training end in time."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Guardrail, Option
from landrail.guardrails.holding import Holding, by_option
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-max-keep-alive",
    title="warm pools of training end in time",
    why="machines kept warm cost as much as those that work",
    severity="low",
    remedy="give a shorter KeepAlivePeriodInSeconds, or none",
    kinds=ML_KINDS,
    service_control=Holding(
        key="sagemaker:KeepAlivePeriod",
        must=by_option("sagemaker-max-keep-alive", must.at_most_if_given, single=True),
    ),
    recommended=False,
    option=Option("the longest time to keep machines, in seconds", "[0-9]+", single=True),
)

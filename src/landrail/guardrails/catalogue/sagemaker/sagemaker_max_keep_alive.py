"""Guardrail: warm pools of training end in time."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import (
    Guardrail,
)
from landrail.guardrails.holding import Holding, by_option
from landrail.guardrails.sagemaker import (
    ML_KINDS,
)


def _seconds(most: str) -> must.Must:
    return must.at_most_if_given(int(most))


GUARDRAIL = Guardrail(
    id="sagemaker-max-keep-alive",
    title="warm pools of training end in time",
    why="machines kept warm cost as much as those that work",
    severity="low",
    remedy="give a shorter KeepAlivePeriodInSeconds, or none",
    kinds=ML_KINDS,
    service_control=Holding(
        key="sagemaker:KeepAlivePeriod", must=by_option("sagemaker-max-keep-alive", _seconds)
    ),
    recommended=False,
)

"""Guardrail: jobs end by themselves in time."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Guardrail, Option
from landrail.guardrails.holding import Holding, by_option
from landrail.guardrails.sagemaker import ML_KINDS, running_without

GUARDRAIL = Guardrail(
    id="sagemaker-max-runtime",
    title="jobs end by themselves in time",
    why="a job that hangs runs, and costs, until somebody looks",
    severity="low",
    remedy="give StoppingCondition.MaxRuntimeInSeconds up to what is allowed",
    kinds=ML_KINDS,
    service_control=Holding(
        key="sagemaker:MaxRuntimeInSeconds",
        must=by_option("sagemaker-max-runtime", must.at_most, single=True),
        beside=running_without("sagemaker:MaxRuntimeInSeconds"),
    ),
    recommended=False,
    option=Option("the longest runtime in seconds", "[1-9][0-9]*", single=True),
)

"""Guardrail: only approved instance types run."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Detective, Guardrail, Option
from landrail.guardrails.holding import Holding, by_option
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.sagemaker import ML_KINDS, running_without


def _approved(*types: str) -> must.Must:
    return must.all_of(*types, "system")


GUARDRAIL = Guardrail(
    id="instance-types",
    title="only approved instance types run",
    why="one wrong instance type costs in a day what the team has for a year",
    severity="medium",
    remedy="take an approved instance type, and name it; `system` is free and always approved",
    kinds=ML_KINDS,
    service_control=Holding(
        key="sagemaker:InstanceTypes",
        must=by_option("instance-types", _approved),
        unless=BREAK_GLASS_AND_PLATFORM,
        beside=running_without("sagemaker:InstanceTypes"),
    ),
    detective=(
        Detective("sagemaker-notebook-instance-types", from_file="allowedInstanceTypes"),
        Detective("sagemaker-endpoint-config-instance-types", from_file="allowedInstanceTypes"),
        Detective("sagemaker-training-job-instance-types", from_file="allowedInstanceTypes"),
        Detective("sagemaker-processing-job-instance-types", from_file="allowedInstanceTypes"),
        Detective("sagemaker-transform-job-instance-types", from_file="allowedInstanceTypes"),
    ),
    recommended=False,
    option=Option("patterns of instance types", "ml\\.[a-z0-9*?.-]+"),
)

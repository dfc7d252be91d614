"""Guardrail: jobs and models run with the named security groups alone."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Guardrail, Option
from landrail.guardrails.holding import Holding, by_option
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-allowed-security-groups",
    title="jobs and models run with the named security groups alone",
    why="another group may let everything out",
    severity="medium",
    remedy="give security groups that the file names",
    kinds=ML_KINDS,
    service_control=Holding(
        key="sagemaker:VpcSecurityGroupIds",
        must=by_option("sagemaker-allowed-security-groups", must.all_of_if_given),
    ),
    recommended=False,
    option=Option("ids of security groups", "sg-[0-9a-f]+"),
)

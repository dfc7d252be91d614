"""Guardrail: jobs and models run in the named subnets alone."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Detective, Guardrail, Option
from landrail.guardrails.holding import Holding, by_option
from landrail.guardrails.sagemaker import ML_KINDS, OF_MODELS

GUARDRAIL = Guardrail(
    id="sagemaker-allowed-subnets",
    title="jobs and models run in the named subnets alone",
    why="another subnet may have a way to the internet",
    severity="medium",
    remedy="give subnets that the file names",
    kinds=ML_KINDS,
    service_control=Holding(
        key="sagemaker:VpcSubnets",
        must=by_option("sagemaker-allowed-subnets", must.all_of),
        in_place=OF_MODELS,
    ),
    detective=(
        Detective("sagemaker-model-subnets", from_file="allowedSubnets"),
        Detective("sagemaker-training-job-subnets", from_file="allowedSubnets"),
        Detective("sagemaker-processing-job-subnets", from_file="allowedSubnets"),
    ),
    recommended=False,
    option=Option("ids of subnets", "subnet-[0-9a-f]+"),
)

"""Guardrail: jobs, notebooks, models and Studio run in subnets that the caller names."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.sagemaker import ML_KINDS, MONITORS, OF_DOMAINS, OF_MODELS, running_without

_JOBS = tuple(
    templates.given(f"AWS::SageMaker::{kind}JobDefinition", "NetworkConfig.VpcConfig.Subnets")
    for kind in MONITORS
)
_MODELLESS = templates.where(
    lambda properties: not templates.has(properties, "ProductionVariants.*.ModelName"),
    templates.given("AWS::SageMaker::EndpointConfig", "VpcConfig.Subnets"),
)

GUARDRAIL = Guardrail(
    id="sagemaker-require-vpc",
    title="jobs, notebooks, models and Studio run in subnets that the caller names",
    why="outside a VPC, code reaches the internet and data leaves by ways that nobody sees",
    severity="high",
    remedy="give the account's private subnets and security group (parameters /landrail/network/*)",
    kinds=ML_KINDS,
    frameworks=Frameworks(
        control_tower=("CT.SAGEMAKER.PR.2",),
        security_hub=("SageMaker.2",),
        conformance_packs=("sagemaker-governance",),
    ),
    service_control=Holding(
        key="sagemaker:VpcSubnets",
        must=always(must.given()),
        in_place={**OF_MODELS, **OF_DOMAINS},
        beside=running_without("sagemaker:VpcSubnets"),
    ),
    proactive=(
        templates.given("AWS::SageMaker::NotebookInstance", "SubnetId"),
        templates.given("AWS::SageMaker::Model", "VpcConfig.Subnets"),
        templates.given("AWS::SageMaker::Domain", "SubnetIds"),
        templates.given(
            "AWS::SageMaker::MonitoringSchedule",
            "MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig.VpcConfig.Subnets",
        ),
        _MODELLESS,
        *_JOBS,
    ),
    detective=(
        Detective("sagemaker-training-job-in-vpc"),
        Detective("sagemaker-processing-job-in-vpc"),
        Detective("sagemaker-notebook-instance-inside-vpc"),
        Detective("sagemaker-model-in-vpc"),
    ),
)

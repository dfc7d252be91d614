"""Guardrail: containers of jobs and models run without a network of their own."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.sagemaker import ML_KINDS, MONITORS, OF_MODELS, running_without

_JOBS = tuple(
    templates.is_one_of(
        f"AWS::SageMaker::{kind}JobDefinition", "NetworkConfig.EnableNetworkIsolation", True
    )
    for kind in MONITORS
)
_MODELLESS = templates.where(
    lambda properties: not templates.has(properties, "ProductionVariants.*.ModelName"),
    templates.is_one_of("AWS::SageMaker::EndpointConfig", "EnableNetworkIsolation", True),
)

GUARDRAIL = Guardrail(
    id="sagemaker-require-network-isolation",
    title="containers of jobs and models run without a network of their own",
    why="a container with a network can send the data that it reads to anywhere",
    severity="high",
    remedy="set EnableNetworkIsolation; let the job read its data through channels",
    kinds=ML_KINDS,
    frameworks=Frameworks(
        security_hub=(
            "SageMaker.5",
            "SageMaker.11",
            "SageMaker.12",
            "SageMaker.14",
            "SageMaker.20",
            "SageMaker.25",
        ),
        conformance_packs=("sagemaker-governance",),
    ),
    service_control=Holding(
        key="sagemaker:NetworkIsolation",
        must=always(must.true()),
        in_place=OF_MODELS,
        beside=running_without("sagemaker:NetworkIsolation"),
    ),
    proactive=(
        templates.is_one_of("AWS::SageMaker::Model", "EnableNetworkIsolation", True),
        templates.is_one_of(
            "AWS::SageMaker::MonitoringSchedule",
            "MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig.EnableNetworkIsolation",
            True,
        ),
        _MODELLESS,
        *_JOBS,
    ),
    detective=(
        Detective("sagemaker-training-job-isolation"),
        Detective("sagemaker-processing-job-isolation"),
        Detective("sagemaker-model-isolation-enabled"),
        Detective("sagemaker-data-quality-job-isolation"),
        Detective("sagemaker-model-bias-job-isolation"),
        Detective("sagemaker-model-explainability-job-network-isolation"),
        Detective("sagemaker-model-quality-job-definition-isolation"),
        Detective("sagemaker-monitoring-schedule-isolation"),
    ),
)

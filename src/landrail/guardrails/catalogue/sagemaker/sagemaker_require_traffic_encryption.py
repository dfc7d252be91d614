"""Guardrail: containers of one job talk to each other encrypted."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.sagemaker import ML_KINDS, MONITORS, running_without

_JOBS = tuple(
    templates.is_one_of(
        f"AWS::SageMaker::{kind}JobDefinition",
        "NetworkConfig.EnableInterContainerTrafficEncryption",
        True,
    )
    for kind in MONITORS
)

GUARDRAIL = Guardrail(
    id="sagemaker-require-traffic-encryption",
    title="containers of one job talk to each other encrypted",
    why="data in training passes between machines in the clear",
    severity="medium",
    remedy="set EnableInterContainerTrafficEncryption",
    kinds=ML_KINDS,
    frameworks=Frameworks(
        security_hub=(
            "SageMaker.9",
            "SageMaker.10",
            "SageMaker.13",
            "SageMaker.15",
            "SageMaker.22",
        )
    ),
    service_control=Holding(
        key="sagemaker:InterContainerTrafficEncryption",
        must=always(must.true()),
        beside=running_without("sagemaker:InterContainerTrafficEncryption"),
    ),
    proactive=(
        templates.is_one_of(
            "AWS::SageMaker::MonitoringSchedule",
            "MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig.EnableInterContainerTrafficEncryption",
            True,
        ),
        *_JOBS,
    ),
    detective=(
        Detective("sagemaker-training-job-traffic-encryption"),
        Detective("sagemaker-processing-job-traffic-encryption"),
        Detective("sagemaker-data-quality-job-encrypt-in-transit"),
        Detective("sagemaker-model-bias-job-encrypt-in-transit"),
        Detective("sagemaker-model-explainability-job-encrypt-in-transit"),
        Detective("sagemaker-model-quality-job-encrypt-in-transit"),
        Detective("sagemaker-monitoring-schedule-traffic-encryption"),
    ),
)

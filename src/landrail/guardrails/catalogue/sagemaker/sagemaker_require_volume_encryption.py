"""Guardrail: volumes are encrypted by a KMS key that the caller names."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.sagemaker import ML_KINDS, MONITORS, running_without

_JOBS = tuple(
    templates.given(
        f"AWS::SageMaker::{kind}JobDefinition", "JobResources.ClusterConfig.VolumeKmsKeyId"
    )
    for kind in MONITORS
)

GUARDRAIL = Guardrail(
    id="sagemaker-require-volume-encryption",
    title="volumes are encrypted by a KMS key that the caller names",
    why="a volume under AWS's own key is open to everybody who may use the service in the account",
    severity="medium",
    remedy="name the account's key for the volume; take an instance type whose disks take one",
    kinds=ML_KINDS,
    frameworks=Frameworks(
        security_hub=("SageMaker.21", "SageMaker.23"),
        conformance_packs=(
            "sagemaker-governance",
            "sagemaker-security",
            "datalake-analytics",
        ),
    ),
    service_control=Holding(
        key="sagemaker:VolumeKmsKeyArn",
        must=always(must.given()),
        beside=running_without("sagemaker:VolumeKmsKeyArn"),
    ),
    proactive=(
        templates.given("AWS::SageMaker::NotebookInstance", "KmsKeyId"),
        templates.given("AWS::SageMaker::EndpointConfig", "KmsKeyId"),
        templates.given("AWS::SageMaker::Domain", "KmsKeyId"),
        templates.given(
            "AWS::SageMaker::MonitoringSchedule",
            "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringResources.ClusterConfig.VolumeKmsKeyId",
        ),
        *_JOBS,
    ),
    detective=(
        Detective("sagemaker-domain-kms-key"),
        Detective("sagemaker-training-job-volume-key"),
        Detective("sagemaker-processing-job-volume-key"),
        Detective("sagemaker-transform-job-volume-key"),
        Detective("sagemaker-notebook-instance-kms-key-configured"),
        Detective("sagemaker-notebook-instance-storage-vol-kms-encrypted"),
        Detective("sagemaker-endpoint-configuration-kms-key-configured"),
        Detective("sagemaker-endpoint-config-kms-key-required"),
        Detective("sagemaker-inf-experiment-instance-storage-kms-encrypted"),
    ),
)

"""Guardrail: what jobs write is encrypted by a KMS key that the caller names."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.sagemaker import ML_KINDS, MONITORS, running_without

_JOBS = tuple(
    templates.given(f"AWS::SageMaker::{kind}JobDefinition", f"{kind}JobOutputConfig.KmsKeyId")
    for kind in MONITORS
)

GUARDRAIL = Guardrail(
    id="sagemaker-require-output-encryption",
    title="what jobs write is encrypted by a KMS key that the caller names",
    why="results under AWS's own key are open to everybody who may read the bucket",
    severity="medium",
    remedy="name the account's key for the output",
    kinds=ML_KINDS,
    frameworks=Frameworks(security_hub=("SageMaker.24",)),
    service_control=Holding(
        key="sagemaker:OutputKmsKeyArn",
        must=always(must.given()),
        beside=running_without("sagemaker:OutputKmsKeyArn"),
    ),
    proactive=(
        templates.given(
            "AWS::SageMaker::MonitoringSchedule",
            "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringOutputConfig.KmsKeyId",
        ),
        *_JOBS,
    ),
    detective=(
        Detective("sagemaker-training-job-output-key"),
        Detective("sagemaker-processing-job-output-key"),
        Detective("sagemaker-transform-job-output-key"),
        Detective("sagemaker-endpoint-config-output-key"),
        Detective("sagemaker-endpoint-config-data-capture-key"),
        Detective("sagemaker-inf-experiment-data-storage-kms-encrypted"),
    ),
)

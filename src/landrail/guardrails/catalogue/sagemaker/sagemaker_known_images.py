"""Guardrail: jobs and models run images that the file names."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Guardrail, Option
from landrail.guardrails.sagemaker import ML_KINDS

_NAMING = (
    *("CreateAlgorithm", "CreateAutoMLJob", "CreateAutoMLJobV2", "CreateDataQualityJobDefinition"),
    *("CreateHyperParameterTuningJob", "CreateInferenceComponent", "CreateModel"),
    *("CreateModelBiasJobDefinition", "CreateModelExplainabilityJobDefinition"),
    *("CreateModelPackage", "CreateModelQualityJobDefinition", "CreateMonitoringSchedule"),
    *("CreateProcessingJob", "CreateTrainingJob", "UpdateInferenceComponent"),
    "UpdateMonitoringSchedule",
)
_WHY = "no condition key of SageMaker's says which image a request names"
_RULES = (
    "sagemaker-model-image-allowed",
    "sagemaker-training-job-image-allowed",
    "sagemaker-processing-job-image-allowed",
)

GUARDRAIL = Guardrail(
    id="sagemaker-known-images",
    title="jobs and models run images that the file names",
    why="an image that nobody scanned runs with the job's role on the job's data",
    severity="high",
    remedy="push the image to a registry of the platform, and name it from there",
    kinds=ML_KINDS,
    detective=tuple(Detective(rule, from_file="allowedImages") for rule in _RULES),
    unheld={f"sagemaker:{action}": _WHY for action in _NAMING},
    recommended=False,
    option=Option(
        "patterns of image URIs, `111122223333.dkr.ecr.*.amazonaws.com/*`", r"[\w.*?@:/-]+"
    ),
)

"""`landrail model step train`: a training job in the stage's account, on granted data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from landrail.operations.model.artifacts import Build, Candidate, read_build, write_candidate
from landrail.operations.model.authorship import began
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.shelves import TRAINED, keep
from landrail.operations.model.stage import LONGEST_SECONDS, Stage
from landrail.operations.model.waiting import wait

_VOLUME_GIGABYTES = 30


def train(settings: Settings, stage: Stage) -> Candidate:
    """Train and wait; raises Mistakes with the job's own reason where it fails."""
    build = read_build()
    build = replace(build, hyperparameters={**build.hyperparameters, **settings.parameters})
    whose = () if settings.in_development else began(settings, stage.build, build.commit)
    sagemaker = stage.client("sagemaker")
    name = stage.job_name("train")
    sagemaker.create_training_job(**training_job(settings, stage, build, name))
    job = wait(
        lambda: sagemaker.describe_training_job(TrainingJobName=name),
        "TrainingJobStatus",
        f"training job {name}",
    )
    candidate = Candidate(
        build,
        training_job=job["TrainingJobArn"],
        model_data=job["ModelArtifacts"]["S3ModelArtifacts"],
        authors=whose,
    )
    write_candidate(candidate)
    if not settings.in_development:
        keep(settings, stage.build, TRAINED, name)
    return candidate


def training_job(settings: Settings, stage: Stage, build: Build, name: str) -> dict[str, Any]:
    """The request: encrypted, in the private network, without a network of its own."""
    return {
        "TrainingJobName": name,
        "RoleArn": settings[Variable.JOB_ROLE],
        "AlgorithmSpecification": {"TrainingImage": build.image, "TrainingInputMode": "File"},
        "HyperParameters": dict(build.hyperparameters),
        "InputDataConfig": [
            {
                "ChannelName": "training",
                "DataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Prefix",
                        "S3Uri": settings.data_uri(build.data),
                        "S3DataDistributionType": "FullyReplicated",
                    }
                },
            }
        ],
        "OutputDataConfig": {
            "S3OutputPath": f"s3://{settings[Variable.STAGE_BUCKET]}/training",
            "KmsKeyId": settings[Variable.STAGE_KEY],
        },
        "ResourceConfig": {
            "InstanceType": build.instance_type,
            "InstanceCount": 1,
            "VolumeSizeInGB": _VOLUME_GIGABYTES,
            "VolumeKmsKeyId": settings[Variable.STAGE_KEY],
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": LONGEST_SECONDS},
        "VpcConfig": stage.network,
        "EnableNetworkIsolation": True,
        "EnableInterContainerTrafficEncryption": True,
        "Tags": stage.tags(build.commit),
    }

"""The request of a processing job: an image on the stage's key, in its network, without a network
of its own. What the job does is its caller's to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import LONGEST_SECONDS, Stage

_FOLDER = "/opt/ml/processing"


@dataclass(frozen=True, slots=True)
class Work:
    """What a job runs and on what: `inputs` are folders by name with the URI that each is filled
    from; what it leaves in its folder `output` goes to `output`, at its end or `continuous`ly."""

    name: str
    role: str
    image: str
    entrypoint: Sequence[str]
    command: str
    inputs: Mapping[str, str]
    output: str
    instance_type: str
    commit: str
    gigabytes: int
    machines: int = 1
    continuous: bool = False


def request(settings: Settings, stage: Stage, work: Work) -> dict[str, Any]:
    """Return the parameters of CreateProcessingJob."""
    key = settings[Variable.STAGE_KEY]
    return {
        "ProcessingJobName": work.name,
        "RoleArn": work.role,
        "AppSpecification": {
            "ImageUri": work.image,
            "ContainerEntrypoint": list(work.entrypoint),
            "ContainerArguments": [work.command],
        },
        "ProcessingInputs": [_input(name, uri) for name, uri in work.inputs.items()],
        "ProcessingOutputConfig": {
            "Outputs": [
                {
                    "OutputName": "output",
                    "S3Output": {
                        "S3Uri": work.output,
                        "LocalPath": f"{_FOLDER}/output",
                        "S3UploadMode": "Continuous" if work.continuous else "EndOfJob",
                    },
                }
            ],
            "KmsKeyId": key,
        },
        "ProcessingResources": {
            "ClusterConfig": {
                "InstanceType": work.instance_type,
                "InstanceCount": work.machines,
                "VolumeSizeInGB": work.gigabytes,
                "VolumeKmsKeyId": key,
            }
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": LONGEST_SECONDS},
        "NetworkConfig": {
            "EnableNetworkIsolation": True,
            "EnableInterContainerTrafficEncryption": True,
            "VpcConfig": stage.network,
        },
        "Tags": stage.tags(work.commit),
    }


def _input(name: str, uri: str) -> dict[str, Any]:
    return {
        "InputName": name,
        "S3Input": {
            "S3Uri": uri,
            "LocalPath": f"{_FOLDER}/{name}",
            "S3DataType": "S3Prefix",
            "S3InputMode": "File",
            "S3DataDistributionType": "FullyReplicated",
        },
    }

"""`landrail model step evaluate`: a processing job measures the model, and the gate decides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from landrail.diagnostics import Diagnostic, Mistakes
from landrail.operations.model.artifacts import OUT, Candidate, read_candidate, write_candidate
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import LONGEST_SECONDS, Stage
from landrail.operations.model.waiting import wait
from landrail.spec.gate import judge, parse_gate

_FOLDER = "/opt/ml/processing"
_VOLUME_GIGABYTES = 30


def evaluate(settings: Settings, stage: Stage) -> Candidate:
    """Measure the candidate; raises Mistakes where it does not pass the model's gate."""
    candidate = read_candidate()
    sagemaker = stage.client("sagemaker")
    name = stage.job_name("evaluate")
    output = f"s3://{settings[Variable.STAGE_BUCKET]}/evaluation/{name}"
    sagemaker.create_processing_job(**processing_job(settings, stage, candidate, name, output))
    job = wait(
        lambda: sagemaker.describe_processing_job(ProcessingJobName=name),
        "ProcessingJobStatus",
        f"processing job {name}",
    )
    download(stage, f"{output}/metrics.json", OUT / "metrics.json")
    download(stage, f"{output}/sample.csv", OUT / "sample.csv")
    metrics = {k: float(v) for k, v in json.loads((OUT / "metrics.json").read_text()).items()}
    candidate = candidate.with_(
        processing_job=job["ProcessingJobArn"], evaluation=output, metrics=metrics
    )
    write_candidate(candidate)
    check_gate(settings[Variable.GATE], metrics)
    return candidate


def check_gate(text: str, metrics: dict[str, float]) -> None:
    """Raise Mistakes where the metrics do not pass the gate."""
    judgement = judge(parse_gate(text).condition, metrics)
    if not judgement.passes:
        failed = (str(one) for one in judgement.judged if one.holds is False)
        measured = ", ".join(f"{name} {value:.6g}" for name, value in metrics.items())
        raise Mistakes(
            [
                Diagnostic(
                    f"the gate `{text}` is not passed: {'; '.join(failed)}",
                    f"measured: {measured}",
                )
            ]
        )


def download(stage: Stage, uri: str, file: Path) -> None:
    """Fetch one object of the stage's bucket."""
    place = urlparse(uri)
    file.parent.mkdir(exist_ok=True)
    stage.client("s3").download_file(place.netloc, place.path.lstrip("/"), str(file))


def processing_job(
    settings: Settings, stage: Stage, candidate: Candidate, name: str, output: str
) -> dict[str, Any]:
    """The request: the same image as the training, the model and the data in, metrics out."""
    build = candidate.build
    return {
        "ProcessingJobName": name,
        "RoleArn": settings[Variable.JOB_ROLE],
        "AppSpecification": {
            "ImageUri": build.image,
            "ContainerEntrypoint": build.entrypoint,
            "ContainerArguments": ["evaluate"],
        },
        "ProcessingInputs": [
            _input("model", candidate.model_data),
            _input("data", settings.data_uri(build.data)),
        ],
        "ProcessingOutputConfig": {
            "Outputs": [
                {
                    "OutputName": "metrics",
                    "S3Output": {
                        "S3Uri": output,
                        "LocalPath": f"{_FOLDER}/output",
                        "S3UploadMode": "EndOfJob",
                    },
                }
            ],
            "KmsKeyId": settings[Variable.STAGE_KEY],
        },
        "ProcessingResources": {
            "ClusterConfig": {
                "InstanceType": build.instance_type,
                "InstanceCount": 1,
                "VolumeSizeInGB": _VOLUME_GIGABYTES,
                "VolumeKmsKeyId": settings[Variable.STAGE_KEY],
            }
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": LONGEST_SECONDS},
        "NetworkConfig": {
            "EnableNetworkIsolation": True,
            "EnableInterContainerTrafficEncryption": True,
            "VpcConfig": stage.network,
        },
        "Tags": stage.tags(build.commit),
    }


def _input(name: str, uri: str) -> dict[str, Any]:
    return {
        "InputName": name,
        "S3Input": {
            "S3Uri": uri,
            "LocalPath": f"{_FOLDER}/{name}",
            "S3DataType": "S3Prefix",
            "S3InputMode": "File",
        },
    }

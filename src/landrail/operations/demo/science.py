"""What the data engineer and the data scientist do themselves, before any pipeline runs."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from landrail.diagnostics import Failure
from landrail.operations.demo.cast import Actor
from landrail.operations.demo.facts import DATASET, OTHER_DATASET, SCIENCE, TEAM, Facts

VERSION = "v=1"
EXPERIMENT = f"{TEAM}-explore"
_IDENTITY = {
    "GIT_AUTHOR_NAME": "ana",
    "GIT_AUTHOR_EMAIL": "ana@acme-air.example",
    "GIT_COMMITTER_NAME": "ana",
    "GIT_COMMITTER_EMAIL": "ana@acme-air.example",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def publish(engineer: Actor, facts: Facts, files: Sequence[Path]) -> str:
    """Put the months into the lake and the version into its catalog; return one object's key."""
    bucket = facts.lake(DATASET)
    keys = [f"{DATASET}/{VERSION}/{file.name}" for file in files]
    for key, file in zip(keys, files, strict=True):
        engineer.call("s3", "PutObject", Bucket=bucket, Key=key, Body=file.read_bytes())
    engineer.call(
        "glue",
        "CreatePartition",
        DatabaseName="lake",
        TableName=DATASET,
        PartitionInput={
            "Values": ["1"],
            "StorageDescriptor": {"Location": f"s3://{bucket}/{DATASET}/{VERSION}/"},
        },
    )
    return keys[0]


def publish_other(engineer: Actor, facts: Facts) -> str:
    """Put something into the other line's data set, so that it is there to be denied."""
    key = f"{OTHER_DATASET}/{VERSION}/parcels.csv"
    body = b"parcel,weight\n1,2.5\n"
    engineer.call("s3", "PutObject", Bucket=facts.lake(OTHER_DATASET), Key=key, Body=body)
    return key


def explore(scientist: Actor, facts: Facts) -> int:
    """Look at the granted data set; return how many bytes there are."""
    found = scientist.call(
        "s3", "ListObjectsV2", Bucket=facts.lake(DATASET), Prefix=f"{DATASET}/{VERSION}/"
    )
    return sum(int(item["Size"]) for item in found.get("Contents", []))


def network(scientist: Actor) -> dict[str, list[str]]:
    """Return where jobs and models run in the scientist's account."""
    return {
        key: scientist.call("ssm", "GetParameter", Name=name)["Parameter"]["Value"].split(",")
        for key, name in (
            ("Subnets", "/landrail/network/subnets"),
            ("SecurityGroupIds", "/landrail/network/security-group"),
        )
    }


def experiment(scientist: Actor, facts: Facts, image: str) -> str:
    """Start a training job of the scientist's own on the granted data; return its ARN."""
    key = facts.arn(SCIENCE, "kms", "alias/landrail/workspace")
    answer = scientist.call(
        "sagemaker",
        "CreateTrainingJob",
        TrainingJobName=EXPERIMENT,
        RoleArn=facts.role(SCIENCE, "job"),
        AlgorithmSpecification={"TrainingImage": image, "TrainingInputMode": "File"},
        HyperParameters={"iterations": "25"},
        InputDataConfig=[
            {
                "ChannelName": "training",
                "DataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Prefix",
                        "S3Uri": f"s3://{facts.lake(DATASET)}/{DATASET}/{VERSION}/",
                    }
                },
            }
        ],
        OutputDataConfig={
            "S3OutputPath": f"s3://{facts.workspace(SCIENCE)}/{TEAM}/experiments",
            "KmsKeyId": key,
        },
        ResourceConfig={
            "InstanceType": "ml.m5.large",
            "InstanceCount": 1,
            "VolumeSizeInGB": 30,
            "VolumeKmsKeyId": key,
        },
        StoppingCondition={"MaxRuntimeInSeconds": 3600},
        VpcConfig=network(scientist),
        EnableNetworkIsolation=True,
        EnableInterContainerTrafficEncryption=True,
    )
    return str(answer["TrainingJobArn"])


def push(environment: Mapping[str, str], source: Path, work: Path, region: str) -> str:
    """Commit the example's sources as the scientist and push them; return the commit. Raises
    Failure with git's own words."""
    commit(source, work, region)
    send(environment, work)
    return _run(["git", "rev-parse", "HEAD"], work, {**environment, **_IDENTITY}).strip()


def commit(source: Path, work: Path, region: str) -> None:
    """Copy the example's sources into a repository whose origin is the platform's own."""
    shutil.copytree(source, work, ignore=shutil.ignore_patterns("__pycache__"))
    url = f"https://git-codecommit.{region}.amazonaws.com/v1/repos/delays"
    for command in (
        ["git", "init", "-q", "-b", "main"],
        ["git", "add", "-A"],
        ["git", "commit", "-q", "-m", "Predict late arrivals from schedule, departure and weather"],
        ["git", "remote", "add", "origin", url],
    ):
        _run(command, work, {**os.environ, **_IDENTITY})


def send(environment: Mapping[str, str], work: Path) -> None:
    """Push what is committed, as whoever `environment` is."""
    command = ["git", "push", "-q", "-u", "origin", "main"]
    _run(command, work, {**environment, **_IDENTITY})


def _run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> str:
    ended = subprocess.run(
        command, cwd=folder, env=dict(environment), capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise Failure(f"`{' '.join(command[:2])}` failed", ended.stderr.strip()[-500:])
    return ended.stdout

"""Training jobs: data and image in, a real process, `model.tar.gz` out."""

from __future__ import annotations

import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from landrail.localaws.api import ApiCall, Operation, Platform
from landrail.localaws.runtimes.left import files
from landrail.localaws.services.sagemaker import containers
from landrail.localaws.services.sagemaker.jobs import Failed, Jobs, Stopped, Work
from landrail.localaws.services.sagemaker.metrics import Metrics
from landrail.localaws.services.sagemaker.names import Place
from landrail.localaws.services.sagemaker.objects import Uri
from landrail.localaws.services.sagemaker.records import Document, now, to_document
from landrail.localaws.services.sagemaker.register import Kind, Register
from landrail.localaws.services.sagemaker.roles import check_own, enter
from landrail.localaws.services.sagemaker.tags import Tags
from landrail.localaws.services.sagemaker.validation import check, invalid
from landrail.localaws.store.blobs import Blobs
from landrail.localaws.store.tables import Tables

_KIND = Kind(
    "TrainingJob",
    taken="Training job names must be unique within an AWS account and region, and a training job "
    "with this name already exists",
    missing="Requested resource not found.",
)
_SUPPORTED = (
    *("TrainingJobName", "HyperParameters", "AlgorithmSpecification", "RoleArn"),
    *("InputDataConfig", "OutputDataConfig", "ResourceConfig", "VpcConfig", "StoppingCondition"),
    *("EnableNetworkIsolation", "EnableInterContainerTrafficEncryption", "Environment"),
)
# What AWS tells of every job, said or not.
_UNSAID = {
    "EnableNetworkIsolation": False,
    "EnableInterContainerTrafficEncryption": False,
    "EnableManagedSpotTraining": False,
}
_DAY = 86400
_ENDS = ("Completed", "Failed", "Stopped")
_MESSAGES = {
    "Starting": "Preparing the instances for training",
    "Downloading": "Downloading the training image and input data",
    "Training": "Training image download completed. Training in progress.",
    "Uploading": "Uploading generated training model",
    "Completed": "Training job completed",
    "Stopping": "Stopping the training job",
    "Stopped": "Training job stopped",
    "Interrupted": "The local AWS was stopped while the job ran",
}


class Training:
    """The operations on training jobs."""

    def __init__(self, platform: Platform, tables: Tables, blobs: Blobs, tags: Tags) -> None:
        """Keep records in `tables`; run jobs through `platform`."""
        self._platform = platform
        self._jobs = Jobs(platform, blobs, "/aws/sagemaker/TrainingJobs")
        self._register = Register(_KIND, tables, self._jobs, tags, _stopping)

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return self._register.operations(self._create)

    def start(self) -> None:
        """Mark as failed what ran when the server was stopped."""
        self._register.give_up(self._end)

    def close(self) -> None:
        """End every process."""
        self._jobs.close()

    def _create(self, call: ApiCall) -> Mapping[str, Any]:
        check(call, _SUPPORTED)
        params = {**_UNSAID, **to_document(call.params)}
        place = self._register.free(call)
        _check(call, params)
        metrics = Metrics(params["AlgorithmSpecification"].get("MetricDefinitions", []))
        credentials = enter(self._platform, params["RoleArn"], place.arn)
        params.setdefault("StoppingCondition", {}).setdefault("MaxRuntimeInSeconds", _DAY)
        started: Document = {"SecondaryStatusTransitions": []}
        _advance(started, "Starting")
        job = self._register.add(place, params, **started)
        self._jobs.begin(
            place,
            params["RoleArn"],
            credentials,
            f"{place.name}/{containers.HOST}-{int(job['CreationTime'])}",
            lambda work: self._run(work, job, metrics),
            lambda status, reason: self._end(place, status, reason),
            params.get("VpcConfig"),
        )
        return {"TrainingJobArn": place.arn}

    def _run(self, work: Work, job: Document, metrics: Metrics) -> None:
        self._advance(work.place, "Downloading")
        image = work.image(job["AlgorithmSpecification"]["TrainingImage"])
        ml = work.folder / "ml"
        work.make("ml/model", "ml/output/data", "ml/input/data")
        for channel in job.get("InputDataConfig", []):
            source = channel["DataSource"]["S3DataSource"]
            folder = ml / "input" / "data" / channel["ChannelName"]
            folder.mkdir()
            work.objects().download(source["S3DataType"], source["S3Uri"], folder)
            work.checkpoint()
        hyperparameters = job.get("HyperParameters", {})
        containers.write_config(ml / "input" / "config", _config(job))
        self._advance(work.place, "Training", TrainingStartTime=now())
        network = not job.get("EnableNetworkIsolation", False)
        specification = job["AlgorithmSpecification"]
        channels = [c["ChannelName"] for c in job.get("InputDataConfig", [])]
        env = {
            "TRAINING_JOB_NAME": job["TrainingJobName"],
            "TRAINING_JOB_ARN": job["TrainingJobArn"],
            **containers.training_variables(channels, hyperparameters),
            **job.get("Environment", {}),
        }
        seconds = job["StoppingCondition"]["MaxRuntimeInSeconds"]

        def on_line(text: str) -> None:
            metrics.line(text)
            work.log.line(text)

        entrypoint = specification.get("ContainerEntrypoint")
        arguments = specification.get("ContainerArguments")
        try:
            ended = containers.run(
                work,
                image,
                containers.command(image, entrypoint, arguments, ["train"]),
                env,
                network=network,
                seconds=seconds,
                limits=work.limits(*_sizes(job)),
                on_line=on_line,
            )
        except Stopped:
            # A stopped job keeps what it had made so far.
            self._upload(work, job)
            raise
        finished = now()
        self._register.set(
            work.place, FinalMetricDataList=metrics.final(), TrainingEndTime=finished
        )
        if ended.timed_out:
            self._upload(work, job)
            raise Stopped("MaxRuntimeExceeded")
        reason = containers.failure(work.folder, ended)
        if reason is not None:
            raise Failed(reason)
        self._advance(work.place, "Uploading")
        self._upload(work, job)

    def _upload(self, work: Work, job: Document) -> None:
        work.renew()
        output = job["OutputDataConfig"]
        target = Uri.parse(output["S3OutputPath"]).below(f"{job['TrainingJobName']}/output")
        objects, key = work.objects(), output.get("KmsKeyId")
        for name, below in (("model.tar.gz", "model"), ("output.tar.gz", "output/data")):
            count = _archive(work.folder / "ml", below, work.folder / name)
            if count or name == "model.tar.gz":
                objects.put(target.below(name), (work.folder / name).read_bytes(), key)
        self._register.set(
            work.place, ModelArtifacts={"S3ModelArtifacts": str(target.below("model.tar.gz"))}
        )

    def _advance(self, place: Place, status: str, **members: Any) -> None:
        def change(job: Document) -> None:
            if job["TrainingJobStatus"] == "InProgress":
                _advance(job, status)
            job.update(members)

        self._register.change(place, change)

    def _end(self, place: Place, status: str, reason: str | None) -> None:
        def change(job: Document) -> None:
            job["TrainingJobStatus"] = status if status in _ENDS else "Stopped"
            if reason is not None:
                job["FailureReason"] = reason
            _advance(job, status, reason)
            job["SecondaryStatusTransitions"][-1]["EndTime"] = now()
            if "TrainingStartTime" in job:
                ended = job.setdefault("TrainingEndTime", now())
                seconds = max(1, round(ended - job["TrainingStartTime"]))
                job["TrainingTimeInSeconds"] = job["BillableTimeInSeconds"] = seconds

        self._register.change(place, change)


def _check(call: ApiCall, params: Document) -> None:
    check_own(call, params["RoleArn"])
    algorithm = params["AlgorithmSpecification"]
    if not algorithm.get("TrainingImage"):
        raise invalid(
            "The local AWS trains from a TrainingImage; AlgorithmName is not supported."
            if algorithm.get("AlgorithmName")
            else "You must specify either an algorithm or a training image."
        )
    modes = {algorithm["TrainingInputMode"]} | {
        channel["InputMode"]
        for channel in params.get("InputDataConfig", [])
        if "InputMode" in channel
    }
    if "Pipe" in modes:
        raise invalid("The local AWS does not support the input mode Pipe: use File or FastFile.")
    if params.get("ResourceConfig", {}).get("InstanceCount", 1) != 1:
        raise invalid("The local AWS trains on one instance: InstanceCount must be 1.")
    names = [channel["ChannelName"] for channel in params.get("InputDataConfig", [])]
    if len(names) != len(set(names)):
        raise invalid("The channel names of InputDataConfig must be unique.")
    for channel in params.get("InputDataConfig", []):
        if "S3DataSource" not in channel["DataSource"]:
            raise invalid("The local AWS supports input data from S3 only.")
        if channel.get("CompressionType", "None") != "None":
            raise invalid("The local AWS does not decompress channels: CompressionType None only.")


def _config(job: Document) -> dict[str, Any]:
    resources = {
        "current_host": containers.HOST,
        "current_instance_type": job.get("ResourceConfig", {}).get("InstanceType"),
        "hosts": [containers.HOST],
        "network_interface_name": "lo",
    }
    channels = {
        channel["ChannelName"]: {
            "TrainingInputMode": "File",
            "S3DistributionType": "FullyReplicated",
            "RecordWrapperType": channel.get("RecordWrapperType", "None"),
            **({"ContentType": channel["ContentType"]} if "ContentType" in channel else {}),
        }
        for channel in job.get("InputDataConfig", [])
    }
    return {
        "hyperparameters.json": job.get("HyperParameters", {}),
        "inputdataconfig.json": channels,
        "resourceconfig.json": resources,
    }


def _archive(root: Path, below: str, target: Path) -> int:
    """Pack the files of a container's folder; return how many there are."""
    count = 0
    with tarfile.open(target, "w:gz", compresslevel=1) as archive:
        for found in files(root, below):
            entry = tarfile.TarInfo(found.name)
            entry.size, entry.mtime = found.state.st_size, int(found.state.st_mtime)
            entry.mode = found.state.st_mode & 0o777
            archive.addfile(entry, found.file)
            count += 1
    return count


def _sizes(job: Document) -> tuple[str | None, int | None]:
    resources = job.get("ResourceConfig", {})
    return resources.get("InstanceType"), resources.get("VolumeSizeInGB")


def _advance(job: Document, status: str, message: str | None = None) -> None:
    time = now()
    transitions = job["SecondaryStatusTransitions"]
    if transitions:
        transitions[-1]["EndTime"] = time
    text = message or _MESSAGES.get(status, status)
    transitions.append({"Status": status, "StartTime": time, "StatusMessage": text})
    job["SecondaryStatus"] = status
    job["LastModifiedTime"] = time


def _stopping(job: Document) -> None:
    if job["TrainingJobStatus"] == "InProgress":
        job["TrainingJobStatus"] = "Stopping"
        _advance(job, "Stopping")

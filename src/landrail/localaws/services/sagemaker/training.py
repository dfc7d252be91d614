"""Training jobs: data and image in, a real process, `model.tar.gz` out."""

from __future__ import annotations

import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation, Platform
from landrail.localaws.services.sagemaker import containers
from landrail.localaws.services.sagemaker.jobs import Failed, Jobs, Stopped, Work
from landrail.localaws.services.sagemaker.listing import page
from landrail.localaws.services.sagemaker.metrics import Metrics
from landrail.localaws.services.sagemaker.names import Place, here
from landrail.localaws.services.sagemaker.objects import Uri
from landrail.localaws.services.sagemaker.records import (
    Document,
    Records,
    now,
    to_document,
    to_result,
)
from landrail.localaws.services.sagemaker.roles import check_own, enter
from landrail.localaws.services.sagemaker.tags import Tags
from landrail.localaws.services.sagemaker.validation import check, invalid
from landrail.localaws.store.blobs import Blobs
from landrail.localaws.store.tables import Tables

KIND = "training-job"
_SUPPORTED = (
    *("TrainingJobName", "HyperParameters", "AlgorithmSpecification", "RoleArn"),
    *("InputDataConfig", "OutputDataConfig", "ResourceConfig", "VpcConfig", "StoppingCondition"),
    *("EnableNetworkIsolation", "EnableInterContainerTrafficEncryption", "Environment"),
)
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
        self._records = Records(tables, KIND)
        self._tags = tags
        self._jobs = Jobs(platform, blobs, "/aws/sagemaker/TrainingJobs")

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "CreateTrainingJob": self._create,
            "DescribeTrainingJob": self._describe,
            "ListTrainingJobs": self._list,
            "StopTrainingJob": self._stop,
        }

    def start(self) -> None:
        """Mark as failed what ran when the server was stopped."""
        for account, region, name, job in self._records.everywhere():
            if job["TrainingJobStatus"] in ("InProgress", "Stopping"):
                place = Place(account, region, KIND, name)
                reason = "InternalServerError: the local AWS was stopped while the job ran"
                self._end(place, "Failed", reason)

    def close(self) -> None:
        """End every process."""
        self._jobs.close()

    def _create(self, call: ApiCall) -> Mapping[str, Any]:
        check(call, _SUPPORTED)
        params = to_document(call.params)
        place = here(call, KIND, params["TrainingJobName"])
        _check(call, params)
        metrics = Metrics(params["AlgorithmSpecification"].get("MetricDefinitions", []))
        if self._records.get(*place.key) is not None:
            raise _taken(place)
        credentials = enter(self._platform, params["RoleArn"], place.arn)
        began = now()
        job: Document = {
            **{key: value for key, value in params.items() if key != "Tags"},
            "TrainingJobArn": place.arn,
            "TrainingJobStatus": "InProgress",
            "CreationTime": began,
            "LastModifiedTime": began,
            "SecondaryStatusTransitions": [],
        }
        job.setdefault("StoppingCondition", {}).setdefault("MaxRuntimeInSeconds", _DAY)
        _advance(job, "Starting")
        if not self._records.add(*place.key, job):
            raise _taken(place)
        self._tags.put(place.arn, params.get("Tags", []))
        self._jobs.begin(
            place,
            params["RoleArn"],
            credentials,
            f"{place.name}/{containers.HOST}-{int(began)}",
            lambda work: self._run(work, job, metrics),
            lambda status, reason: self._end(place, status, reason),
            params.get("VpcConfig"),
        )
        return {"TrainingJobArn": place.arn}

    def _describe(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        return to_result("DescribeTrainingJob", self._find(call))

    def _list(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        found = page(
            self._records.all(call.account, call.region),
            call.params,
            name="TrainingJobName",
            status="TrainingJobStatus",
            answer="TrainingJobSummaries",
        )
        return to_result("ListTrainingJobs", found)

    def _stop(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        job = self._find(call)
        place = here(call, KIND, job["TrainingJobName"])
        if job["TrainingJobStatus"] != "InProgress":
            raise invalid(
                f"The request was rejected because the training job is in status "
                f"{job['TrainingJobStatus']}."
            )
        self._records.change(*place.key, _stopping)
        self._jobs.stop(place)
        return {}

    def _find(self, call: ApiCall) -> Document:
        found = self._records.get(call.account, call.region, call.params["TrainingJobName"])
        if found is None:
            raise invalid("Requested resource not found.")
        return found

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
                on_line=on_line,
            )
        except Stopped:
            # A stopped job keeps what it had made so far.
            self._upload(work, job)
            raise
        finished = now()
        self._set(work.place, FinalMetricDataList=metrics.final(), TrainingEndTime=finished)
        if ended.timed_out:
            self._upload(work, job)
            raise Stopped("MaxRuntimeExceeded")
        reason = containers.failure(work.folder, ended, seconds)
        if reason is not None:
            raise Failed(reason)
        self._advance(work.place, "Uploading")
        self._upload(work, job)

    def _upload(self, work: Work, job: Document) -> None:
        work.renew()
        output = job["OutputDataConfig"]
        target = Uri.parse(output["S3OutputPath"]).below(f"{job['TrainingJobName']}/output")
        objects, key = work.objects(), output.get("KmsKeyId")
        kept = (("model.tar.gz", "ml/model"), ("output.tar.gz", "ml/output/data"))
        for name, folder in kept:
            source = work.folder / folder
            if name == "model.tar.gz" or any(source.iterdir()):
                archive = _archive(source, work.folder / name)
                objects.put(target.below(name), archive.read_bytes(), key)
        self._set(
            work.place, ModelArtifacts={"S3ModelArtifacts": str(target.below("model.tar.gz"))}
        )

    def _advance(self, place: Place, status: str, **members: Any) -> None:
        def change(job: Document) -> None:
            if job["TrainingJobStatus"] == "InProgress":
                _advance(job, status)
            job.update(members)

        self._records.change(*place.key, change)

    def _set(self, place: Place, **members: Any) -> None:
        self._records.change(*place.key, lambda job: job.update(members))

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

        self._records.change(*place.key, change)


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


def _archive(folder: Path, target: Path) -> Path:
    with tarfile.open(target, "w:gz", compresslevel=1) as archive:
        for path in sorted(folder.rglob("*")):
            archive.add(path, path.relative_to(folder).as_posix(), recursive=False)
    return target


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


def _taken(place: Place) -> ApiError:
    return ApiError(
        "ResourceInUse",
        "Training job names must be unique within an AWS account and region, and a training job "
        f"with this name already exists ({place.arn})",
    )

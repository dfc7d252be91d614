"""Processing jobs: inputs at the paths that the request names, a real process, outputs uploaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from landrail.localaws.api import ApiCall, Operation, Platform
from landrail.localaws.services.sagemaker import containers
from landrail.localaws.services.sagemaker.cluster import Cluster, Machine, Outputs
from landrail.localaws.services.sagemaker.jobs import Failed, Jobs, Stopped, Work
from landrail.localaws.services.sagemaker.names import Place
from landrail.localaws.services.sagemaker.records import Document, now, to_document
from landrail.localaws.services.sagemaker.register import Kind, Register
from landrail.localaws.services.sagemaker.roles import check_own, enter
from landrail.localaws.services.sagemaker.tags import Tags
from landrail.localaws.services.sagemaker.validation import check, invalid
from landrail.localaws.store.blobs import Blobs
from landrail.localaws.store.tables import Tables

_KIND = Kind(
    "ProcessingJob",
    taken="Job name must be unique within an AWS account and region, and a job with this name "
    "already exists",
    missing="Could not find requested job with name: {name}",
)
_SUPPORTED = (
    *("ProcessingJobName", "ProcessingInputs", "ProcessingOutputConfig", "ProcessingResources"),
    *("StoppingCondition", "AppSpecification", "Environment", "NetworkConfig", "RoleArn"),
)
_DAY = 86400
_MOST_MACHINES = 16


class Processing:
    """The operations on processing jobs."""

    def __init__(self, platform: Platform, tables: Tables, blobs: Blobs, tags: Tags) -> None:
        """Keep records in `tables`; run jobs through `platform`."""
        self._platform = platform
        self._jobs = Jobs(platform, blobs, "/aws/sagemaker/ProcessingJobs")
        self._register = Register(_KIND, tables, self._jobs, tags)

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
        params = to_document(call.params)
        place = self._register.free(call)
        _check(call, params)
        credentials = enter(self._platform, params["RoleArn"], place.arn)
        params.setdefault("StoppingCondition", {"MaxRuntimeInSeconds": _DAY})
        job = self._register.add(place, params, LastModifiedTime=now())
        self._jobs.begin(
            place,
            params["RoleArn"],
            credentials,
            f"{place.name}/{containers.HOST}-{int(job['CreationTime'])}",
            lambda work: self._run(work, job),
            lambda status, reason: self._end(place, status, reason),
            params.get("NetworkConfig", {}).get("VpcConfig"),
        )
        return {"ProcessingJobArn": place.arn}

    def _run(self, work: Work, job: Document) -> None:
        application = job["AppSpecification"]
        image = work.image(application["ImageUri"])
        cluster = Cluster.of(work, job)
        for item in job.get("ProcessingInputs", []):
            cluster.bring(item["S3Input"])
        given = job.get("ProcessingOutputConfig", {})
        targets = [item["S3Output"] for item in given.get("Outputs", [])]
        with Outputs(cluster, targets, given.get("KmsKeyId")) as outputs:
            self._set(work.place, ProcessingStartTime=now())
            seconds = job["StoppingCondition"]["MaxRuntimeInSeconds"]
            env = {
                "PROCESSING_JOB_NAME": job["ProcessingJobName"],
                "PROCESSING_JOB_ARN": job["ProcessingJobArn"],
                **job.get("Environment", {}),
            }
            entrypoint = application.get("ContainerEntrypoint")
            arguments = application.get("ContainerArguments")
            ended = cluster.run(
                image,
                containers.command(image, entrypoint, arguments, []),
                env,
                network=not job.get("NetworkConfig", {}).get("EnableNetworkIsolation", False),
                seconds=seconds,
                limits=work.limits(*_sizes(job)),
            )
            self._message(work, [machine for machine, _ in ended])
            if any(one.timed_out for _, one in ended):
                work.log.line(f"landrail: the job ran longer than {seconds} seconds")
                raise Stopped
            for machine, one in ended:
                reason = containers.failure(machine.folder, one)
                if reason is not None:
                    raise Failed(reason)
            outputs.finish()

    def _message(self, work: Work, machines: list[Machine]) -> None:
        """Keep what the first machine that says something says."""
        said = (containers.left(machine.folder, "output/message") for machine in machines)
        message = next((text for text in said if text), None)
        if message is not None:
            self._set(work.place, ExitMessage=message)

    def _set(self, place: Place, **members: Any) -> None:
        members.setdefault("LastModifiedTime", now())
        self._register.set(place, **members)

    def _end(self, place: Place, status: str, reason: str | None) -> None:
        members = {"FailureReason": reason} if reason is not None else {}
        self._set(place, ProcessingJobStatus=status, ProcessingEndTime=now(), **members)


def _sizes(job: Document) -> tuple[str | None, int | None]:
    cluster = job["ProcessingResources"]["ClusterConfig"]
    return cluster.get("InstanceType"), cluster.get("VolumeSizeInGB")


def _check(call: ApiCall, params: Document) -> None:
    check_own(call, params["RoleArn"])
    count = params["ProcessingResources"]["ClusterConfig"]["InstanceCount"]
    if count > _MOST_MACHINES:
        raise invalid(
            f"InstanceCount {count}: the local AWS has room for {_MOST_MACHINES} machines of a job."
        )
    for item in params.get("ProcessingInputs", []):
        source = item.get("S3Input")
        if source is None:
            raise invalid("The local AWS supports processing inputs from S3 only.")
        if source.get("S3InputMode", "File") != "File":
            raise invalid("The local AWS does not support the S3InputMode Pipe: use File.")
        if source.get("S3CompressionType", "None") != "None":
            raise invalid("The local AWS does not decompress inputs: S3CompressionType None only.")
        _must_be_below(source.get("LocalPath"))
    for item in params.get("ProcessingOutputConfig", {}).get("Outputs", []):
        target = item.get("S3Output")
        if target is None:
            raise invalid("The local AWS supports processing outputs to S3 only.")
        _must_be_below(target.get("LocalPath"))


def _must_be_below(path: str | None) -> None:
    parts = Path(path or "").parts
    if parts[:3] != ("/", "opt", "ml") or len(parts) < 4 or ".." in parts:
        raise invalid(f"LocalPath must be below /opt/ml/processing; got {path}.")

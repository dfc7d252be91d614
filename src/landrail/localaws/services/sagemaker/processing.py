"""Processing jobs: inputs at the paths that the request names, a real process, outputs uploaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from landrail.localaws.api import ApiCall, Operation, Platform
from landrail.localaws.services.sagemaker import containers
from landrail.localaws.services.sagemaker.jobs import Failed, Jobs, Work
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
        ml = work.folder / "ml"
        work.make("ml/config", "ml/output")
        for item in job.get("ProcessingInputs", []):
            source = item["S3Input"]
            folder = _inside(ml, source["LocalPath"])
            folder.mkdir(parents=True, exist_ok=True)
            work.objects().download(source["S3DataType"], source["S3Uri"], folder)
            work.checkpoint()
        outputs = job.get("ProcessingOutputConfig", {}).get("Outputs", [])
        for item in outputs:
            _inside(ml, item["S3Output"]["LocalPath"]).mkdir(parents=True, exist_ok=True)
        cluster = job["ProcessingResources"]["ClusterConfig"]
        containers.write_config(
            ml / "config",
            {
                "processingjobconfig.json": {k: v for k, v in job.items() if k[0] != "_"},
                "resourceconfig.json": {
                    "current_host": containers.HOST,
                    "hosts": [containers.HOST],
                    "current_instance_type": cluster["InstanceType"],
                },
            },
        )
        self._set(work.place, ProcessingStartTime=now())
        network = not job.get("NetworkConfig", {}).get("EnableNetworkIsolation", False)
        seconds = job["StoppingCondition"]["MaxRuntimeInSeconds"]
        env = {
            "PROCESSING_JOB_NAME": job["ProcessingJobName"],
            "PROCESSING_JOB_ARN": job["ProcessingJobArn"],
            **job.get("Environment", {}),
        }
        entrypoint = application.get("ContainerEntrypoint")
        arguments = application.get("ContainerArguments")
        ended = containers.run(
            work,
            image,
            containers.command(image, entrypoint, arguments, []),
            env,
            network=network,
            seconds=seconds,
            on_line=work.log.line,
        )
        self._message(work)
        reason = containers.failure(work.folder, ended, seconds)
        if reason is not None:
            raise Failed(reason)
        self._upload(work, job, outputs)

    def _upload(self, work: Work, job: Document, outputs: list[Document]) -> None:
        work.renew()
        key = job.get("ProcessingOutputConfig", {}).get("KmsKeyId")
        for item in outputs:
            target = item["S3Output"]
            folder = _inside(work.folder / "ml", target["LocalPath"])
            work.objects().upload(folder, target["S3Uri"], key)

    def _message(self, work: Work) -> None:
        file = work.folder / "ml" / "output" / "message"
        if file.is_file():
            self._set(work.place, ExitMessage=file.read_text(errors="replace")[:1024])

    def _set(self, place: Place, **members: Any) -> None:
        members.setdefault("LastModifiedTime", now())
        self._register.set(place, **members)

    def _end(self, place: Place, status: str, reason: str | None) -> None:
        members = {"FailureReason": reason} if reason is not None else {}
        self._set(place, ProcessingJobStatus=status, ProcessingEndTime=now(), **members)


def _check(call: ApiCall, params: Document) -> None:
    check_own(call, params["RoleArn"])
    if params["ProcessingResources"]["ClusterConfig"].get("InstanceCount") != 1:
        raise invalid("The local AWS processes on one instance: InstanceCount must be 1.")
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
        if target.get("S3UploadMode") != "EndOfJob":
            raise invalid("The local AWS uploads outputs at the end: S3UploadMode EndOfJob only.")
        _must_be_below(target.get("LocalPath"))


def _must_be_below(path: str | None) -> None:
    parts = Path(path or "").parts
    if parts[:3] != ("/", "opt", "ml") or len(parts) < 4 or ".." in parts:
        raise invalid(f"LocalPath must be below /opt/ml/processing; got {path}.")


def _inside(ml: Path, path: str) -> Path:
    return ml.joinpath(*Path(path).parts[3:])

"""Batch transform jobs: a model's own server, started for the job, fed with objects from S3."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from landrail.localaws.api import ApiCall, Operation, Platform
from landrail.localaws.runtimes.serving import Server, Unreachable, ask
from landrail.localaws.services.sagemaker import payloads
from landrail.localaws.services.sagemaker.associating import (
    Association,
    NotAssociated,
    around,
    wrong,
)
from landrail.localaws.services.sagemaker.fleet import CannotServe, Host
from landrail.localaws.services.sagemaker.jobs import Failed, Jobs, Stopped, Work
from landrail.localaws.services.sagemaker.models import Models
from landrail.localaws.services.sagemaker.names import Place, here
from landrail.localaws.services.sagemaker.objects import Uri
from landrail.localaws.services.sagemaker.records import Document, now, to_document
from landrail.localaws.services.sagemaker.register import Kind, Register
from landrail.localaws.services.sagemaker.roles import enter
from landrail.localaws.services.sagemaker.tags import Tags
from landrail.localaws.services.sagemaker.validation import check, invalid
from landrail.localaws.store.blobs import Blobs
from landrail.localaws.store.tables import Tables

_KIND = Kind(
    "TransformJob",
    taken="Job name must be unique within an AWS account and region, and a job with this name "
    "already exists",
    missing="Could not find requested job with name: {name}",
)
_SUPPORTED = (
    *("TransformJobName", "ModelName", "MaxConcurrentTransforms", "ModelClientConfig"),
    *("MaxPayloadInMB", "BatchStrategy", "Environment", "TransformInput", "TransformOutput"),
    *("TransformResources", "DataProcessing"),
)
_GROUP = "/aws/sagemaker/TransformJobs"
_MOST_MACHINES = 16
_MOST_MEGABYTES = 100


class Transform:
    """The operations on transform jobs."""

    def __init__(
        self, platform: Platform, tables: Tables, blobs: Blobs, models: Models, tags: Tags
    ) -> None:
        """Keep records in `tables`; run jobs through `platform`."""
        self._platform = platform
        self._models = models
        self._jobs = Jobs(platform, blobs, _GROUP)
        self._register = Register(_KIND, tables, self._jobs, tags)
        self._host = Host(platform, blobs, models)

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
        _check(params)
        model = self._models.get(call.account, call.region, params["ModelName"])
        if model is None:
            raise invalid(f'Could not find model "{here(call, "model", params["ModelName"]).arn}".')
        credentials = enter(self._platform, model["ExecutionRoleArn"], place.arn)
        job = self._register.add(place, params)
        self._jobs.begin(
            place,
            model["ExecutionRoleArn"],
            credentials,
            f"{place.name}/job",
            lambda work: self._run(work, job, model),
            lambda status, reason: self._end(place, status, reason),
            model.get("VpcConfig"),
        )
        return {"TransformJobArn": place.arn}

    def _run(self, work: Work, job: Document, model: Document) -> None:
        source = job["TransformInput"]["DataSource"]["S3DataSource"]
        objects = list(work.objects().sources(source["S3DataType"], source["S3Uri"]).items())
        strategy = job.get("BatchStrategy", "MultiRecord")
        environment = {
            "SAGEMAKER_BATCH": "true",
            "SAGEMAKER_MAX_PAYLOAD_IN_MB": str(_megabytes(job)),
            "SAGEMAKER_BATCH_STRATEGY": "SINGLE_RECORD"
            if strategy == "SingleRecord"
            else "MULTI_RECORD",
            "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS": str(job.get("MaxConcurrentTransforms") or 1),
            **job.get("Environment", {}),
        }
        try:
            variant = self._host.start(
                work.place,
                work.place.name,
                model,
                instance=(job["TransformResources"]["InstanceType"], None),
                group=_GROUP,
                environment=environment,
                count=min(job["TransformResources"]["InstanceCount"], len(objects)),
                halted=work.stopping.is_set,
            )
        except CannotServe as error:
            work.checkpoint()
            raise Failed(f"ClientError: {error}") from error
        try:
            for server in variant.servers:
                work.watch(server)
            self._register.set(work.place, TransformStartTime=now())
            count = len(variant.servers)
            with ThreadPoolExecutor(count) as machines:
                # Whole objects are shared out, as SageMaker does it: one is never cut between two.
                ended = [
                    machines.submit(self._some, work, job, server, objects[number::count])
                    for number, server in enumerate(variant.servers)
                ]
                for one in ended:
                    one.result()
        finally:
            variant.stop()

    def _some(
        self, work: Work, job: Document, server: Server, objects: list[tuple[str, Uri]]
    ) -> None:
        for name, uri in objects:
            work.checkpoint()
            self._one(work, job, server, name, uri)

    def _one(self, work: Work, job: Document, server: Server, name: str, uri: Uri) -> None:
        given, output = job["TransformInput"], job["TransformOutput"]
        objects = work.objects()
        try:
            data = payloads.content(objects.get(uri), given.get("CompressionType", "None"))
        except (OSError, EOFError) as error:
            raise Failed(f"ClientError: {uri} cannot be decompressed: {error}") from error
        try:
            pieces = list(
                payloads.cut(
                    data,
                    given.get("SplitType", "None"),
                    job.get("BatchStrategy", "MultiRecord"),
                    _megabytes(job),
                )
            )
        except payloads.TooLarge as error:
            raise Failed(f"{error} ({uri})") from error
        send = around(Association.of(job), lambda piece: _ask(work, job, server, piece, uri))
        try:
            with ThreadPoolExecutor(job.get("MaxConcurrentTransforms") or 1) as pool:
                answers = list(pool.map(send, pieces))
        except NotAssociated as error:
            raise Failed(f"ClientError: {uri}: {error}") from error
        target = Uri.parse(output["S3OutputPath"]).below(f"{name}.out")
        body = payloads.join(answers, output.get("AssembleWith", "None"))
        if work.credentials.expiration - now() < 600:
            work.renew()
        work.objects().put(target, body, output.get("KmsKeyId"), output.get("Accept", ""))

    def _end(self, place: Place, status: str, reason: str | None) -> None:
        members = {"FailureReason": reason} if reason is not None else {}
        self._register.set(place, TransformJobStatus=status, TransformEndTime=now(), **members)


def _ask(work: Work, job: Document, server: Server, piece: bytes, uri: Uri) -> bytes:
    settings = job.get("ModelClientConfig", {})
    tries = 1 + settings.get("InvocationsMaxRetries", 0)
    headers = {
        "Content-Type": job["TransformInput"].get("ContentType", "application/octet-stream"),
        "Accept": job["TransformOutput"].get("Accept", "*/*"),
    }
    reason = ""
    for _ in range(tries):
        work.checkpoint()
        try:
            reply = ask(
                server.place,
                "POST",
                "/invocations",
                headers,
                piece,
                settings.get("InvocationsTimeoutInSeconds", 600),
            )
        except Unreachable as error:
            reason = str(error)
            continue
        if reply.status == 200:
            return reply.body
        reason = f"{reply.status}: {reply.body[:300].decode('utf-8', 'replace')}"
    if work.stopping.is_set():
        raise Stopped
    raise Failed(f"AlgorithmError: the container did not transform {uri}: {reason}")


def _megabytes(job: Document) -> int:
    return int(job.get("MaxPayloadInMB", 6))


def _check(params: Document) -> None:
    if params["TransformResources"]["InstanceCount"] > _MOST_MACHINES:
        raise invalid(f"The local AWS has room for {_MOST_MACHINES} instances of a job.")
    given = params["TransformInput"]
    split = given.get("SplitType", "None")
    if split not in ("None", "Line"):
        raise invalid(f"The local AWS does not support the SplitType {split}.")
    if given.get("CompressionType", "None") not in ("None", "Gzip"):
        raise invalid("The CompressionType must be None or Gzip.")
    if "S3DataSource" not in given["DataSource"]:
        raise invalid("A transform job reads from S3.")
    if params.get("BatchStrategy") == "SingleRecord" and split == "None":
        raise invalid(
            "SplitType must be Line, RecordIO or TFRecord for BatchStrategy SingleRecord."
        )
    transforms, megabytes = params.get("MaxConcurrentTransforms") or 1, _megabytes(params)
    if transforms * megabytes > _MOST_MEGABYTES:
        raise invalid(
            f"MaxConcurrentTransforms ({transforms}) * MaxPayloadInMB ({megabytes}) cannot exceed "
            f"{_MOST_MEGABYTES} MB."
        )
    reason = wrong(params)
    if reason is not None:
        raise invalid(reason)

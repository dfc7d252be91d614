"""The manifest of a batch run: which files went in, which scores came out, by which version.

It is written last and says `Completed` only if every shard of every file is there, once and whole;
until then, what lies beside it is unfinished.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any
from urllib.parse import urlparse

from landrail.diagnostics import Diagnostic, Mistakes
from landrail.operations.model.objects import put
from landrail.operations.model.scoring.released import Released
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import Stage

MANIFEST = "manifest.json"
_MOST = 20


class Output:
    """The objects of one run below the stage's bucket."""

    def __init__(self, settings: Settings, stage: Stage, uri: str) -> None:
        self._s3 = stage.client("s3")
        self._key = settings[Variable.STAGE_KEY]
        place = urlparse(uri)
        self._bucket, self._prefix = place.netloc, place.path.lstrip("/")

    def objects(self, below: str = "") -> dict[str, int]:
        """Return the sizes of objects by their names below the run's prefix."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=f"{self._prefix}/{below}"
        )
        return {
            one["Key"].removeprefix(f"{self._prefix}/"): one["Size"]
            for page in pages
            for one in page.get("Contents", ())
        }

    def read(self, name: str) -> dict[str, Any]:
        """Read a document."""
        answer = self._s3.get_object(Bucket=self._bucket, Key=f"{self._prefix}/{name}")
        return dict(json.loads(answer["Body"].read()))

    def write(self, document: Mapping[str, Any]) -> None:
        """Write the manifest."""
        body = (json.dumps(document, indent=1) + "\n").encode()
        name = f"{self._prefix}/{MANIFEST}"
        put(self._s3, self._bucket, name, body, self._key, ContentType="application/json")


def of_files(
    output: Output, released: Released, data: str, source: str, job: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the manifest of a transform job: SageMaker names each output after its input."""
    found = output.objects("parts/")
    return {
        "status": "Completed",
        **_lineage(released, data, source),
        "jobs": [_job(job["TransformJobArn"], job, "TransformStartTime", "TransformEndTime")],
        "outputs": [
            {"file": name.removeprefix("parts/").removesuffix(".out"), "part": name, "bytes": size}
            for name, size in sorted(found.items())
        ],
    }


def of_shards(
    output: Output,
    released: Released,
    order: Mapping[str, Any],
    job: Mapping[str, Any],
    machines: int,
) -> dict[str, Any]:
    """Return the manifest of a processing job from what its machines tell, whether it went well or
    not."""
    names = {f"machines/algo-{n + 1}.json" for n in range(machines)}
    arn = job["ProcessingJobArn"]
    told = [output.read(name) for name in sorted(names & set(output.objects("machines/")))]
    told = [one for one in told if one.get("job") == arn]
    outputs = sorted(_all(told, "outputs"), key=lambda one: (one["file"], one["number"]))
    failures = _all(told, "failures")
    lineage = order["lineage"]
    wrong = list(_gaps(told, outputs, output.objects("parts/"))) if len(told) == machines else []
    silent = machines - len(told)
    if silent:
        wrong.append(f"{silent} of {machines} machines did not come to their end")
    completed = not failures and not wrong and job["ProcessingJobStatus"] == "Completed"
    return {
        "status": "Completed" if completed else "Failed",
        **_lineage(released, lineage["data"], lineage["source"]),
        "jobs": [_job(arn, job, "ProcessingStartTime", "ProcessingEndTime")],
        "rows": sum(one["rows"] for one in outputs),
        "aside": sum(one["aside"] for one in outputs),
        "skipped": sum(one["skipped"] for one in told),
        "inputs": list({one["file"]: one for one in _all(told, "inputs")}.values()),
        "outputs": outputs,
        "failures": failures,
        "incomplete": wrong,
    }


def check(manifest: Mapping[str, Any], why: Sequence[str], where: str) -> None:
    """Raise Mistakes for a manifest that is not complete, with what every shard said."""
    if manifest["status"] == "Completed":
        return
    shards = [reason for one in manifest["failures"] for reason in one["reasons"]]
    reasons = list(dict.fromkeys([*shards, *manifest["incomplete"], *why]))
    more = len(reasons) - _MOST
    remedy = "what is scored stays; retry the stage to go on" if manifest["outputs"] else None
    found = [Diagnostic(reason, remedy if not n else None) for n, reason in enumerate(reasons)]
    if more > 0:
        found = [*found[:_MOST], Diagnostic(f"and {more} reasons more", f"see {where}/{MANIFEST}")]
    raise Mistakes(found)


def _gaps(
    told: Sequence[Mapping[str, Any]],
    outputs: Iterable[Mapping[str, Any]],
    parts: Mapping[str, int],
) -> Iterator[str]:
    """Yield what is missing or doubled: the shards of a file must follow each other, each with a
    part of the size that its record says, in as many files and rows as every machine has seen."""
    files: dict[str, list[Mapping[str, Any]]] = {name: [] for name in told[0]["files"]}
    if any(one["files"] != told[0]["files"] for one in told):
        yield "the machines have seen other files: some were written while the job began"
    for one in outputs:
        files.setdefault(one["file"], []).append(one)
        if parts.get(one["part"]) != one["bytes"]:
            yield f"{one['part']} is not there as it was written"
    for file, shards in files.items():
        rows, count = told[0]["files"].get(file, (0, 0))
        begins = [0, *accumulate(one["rows"] for one in shards)]
        if [(one["number"], one["first"]) for one in shards] != list(enumerate(begins[:-1])):
            yield f"a shard of {file} is missing or there twice"
        elif len(shards) != count or begins[-1] != rows:
            there = f"{len(shards)} of {count} shards, {begins[-1]} of {rows} rows"
            yield f"of {file} there are {there}"


def _all(told: Iterable[Mapping[str, Any]], key: str) -> list[dict[str, Any]]:
    return [one for document in told for one in document[key]]


def _lineage(released: Released, data: str, source: str) -> dict[str, Any]:
    return {"data": data, "source": source, **released.lineage}


def _job(arn: str, job: Mapping[str, Any], began: str, ended: str) -> dict[str, Any]:
    times = {"began": job.get(began), "ended": job.get(ended)}
    return {"job": arn, **{k: at.isoformat() for k, at in times.items() if at is not None}}

"""The log lines of an execution: its builds, and the jobs that they started in the stages.

Read from CloudWatch Logs as they come. Which stream is whose follows from the build's id: a job is
called after it (`operations.model.stage`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from landrail.aws.errors import CallError, failure
from landrail.aws.sessions import Identity
from landrail.operations.runs.opened import Opened
from landrail.operations.runs.state import ActionRun, Run, actions, runs

_STEP = 1.0  # seconds between two looks
_JOBS = ("TrainingJobs", "ProcessingJobs", "TransformJobs")
_STAGE_OF = {"train": "uat", "test": "uat", "batch": "production"}
"""Steps that start jobs, and in which stage."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a log: of which stage and action, when, and by which stream."""

    stage: str
    action: str
    when: datetime
    text: str
    stream: str


@dataclass(slots=True)
class _Stream:
    """A stream that is read on where it was left."""

    action: ActionRun
    group: str
    name: str
    who: Identity | None
    token: str | None = None
    heard: bool = field(default=False)


def lines(opened: Opened, run: Run, *, follow: bool, stage: str | None = None) -> Iterator[Line]:
    """Yield the lines of an execution; with `follow`, until it has ended. Raises Failure."""
    streams: dict[tuple[str, str], _Stream] = {}
    identities: dict[str, Identity | None] = {}
    while True:
        try:
            ended = _ended(opened, run)
            for action in actions(opened, run.pipeline, run.execution):
                if action.provider == "CodeBuild" and stage in (None, action.stage):
                    for stream in _streams(opened, action, identities):
                        streams.setdefault((stream.group, stream.name), stream)
            found = [line for stream in streams.values() for line in _read(opened, stream)]
        except CallError as error:
            raise failure(error, f"reading the logs of {run.pipeline}") from error
        yield from sorted(found, key=lambda line: line.when)
        if ended or not follow:
            return
        time.sleep(_STEP)


def _ended(opened: Opened, run: Run) -> bool:
    pipeline = opened.pipeline(run.pipeline)
    found = (one for one in runs(opened, pipeline, 100) if one.execution == run.execution)
    return next(found, run).ended


def _streams(
    opened: Opened, action: ActionRun, identities: dict[str, Identity | None]
) -> Iterator[_Stream]:
    if not action.external:
        return
    told = opened.call("codebuild", "BatchGetBuilds", ids=[action.external])["builds"]
    for build in told:
        logs = build.get("logs", {})
        if "streamName" in logs:
            yield _Stream(action, logs["groupName"], logs["streamName"], None)
        yield from _jobs(opened, action, identities)


def _jobs(
    opened: Opened, action: ActionRun, identities: dict[str, Identity | None]
) -> Iterator[_Stream]:
    """Yield the streams of the jobs of a build in the stage's account, as far as they are there and
    the person may look."""
    kind = _STAGE_OF.get(action.name.lower())
    if kind is None:
        return
    if kind not in identities:
        entered = opened.stage(kind)
        identities[kind] = entered[1] if entered else None
    who = identities[kind]
    if who is None:
        return
    run = action.external.rpartition(":")[2][:8]
    for job in _JOBS:
        group = f"/aws/sagemaker/{job}"
        for stream in _named(opened, who, group, run):
            yield _Stream(action, group, stream, who)


def _named(opened: Opened, who: Identity, group: str, run: str) -> Iterator[str]:
    prefix = f"{opened.model}-"
    with suppress(*CallError):  # a stage without such jobs yet has no such group
        told = opened.connection.call(
            who, "logs", "DescribeLogStreams", logGroupName=group, logStreamNamePrefix=prefix
        )
        for stream in told["logStreams"]:
            name = str(stream["logStreamName"])
            if name.partition("/")[0].endswith(run):
                yield name


def _read(opened: Opened, stream: _Stream) -> Iterator[Line]:
    while True:
        given: dict[str, Any] = {"nextToken": stream.token} if stream.token else {}
        who = stream.who or opened.identity
        try:
            told = opened.connection.call(
                who,
                "logs",
                "GetLogEvents",
                logGroupName=stream.group,
                logStreamName=stream.name,
                startFromHead=True,
                **given,
            )
        except CallError:
            if not stream.heard:
                return  # the build is known before its first line
            raise
        stream.heard = True
        for event in told["events"]:
            when = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
            text = str(event["message"]).rstrip("\n")
            yield Line(stream.action.stage, stream.action.name, when, text, stream.name)
        same = told.get("nextForwardToken") == stream.token
        stream.token = told.get("nextForwardToken", stream.token)
        if same or not told["events"]:
            return

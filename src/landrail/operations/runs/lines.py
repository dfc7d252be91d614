"""The log lines of an execution as they come, and the last ones of an action that failed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from landrail.aws.errors import CallError, code, failure
from landrail.operations.runs.opened import Opened, check_stage
from landrail.operations.runs.state import ActionRun, Run, actions, runs
from landrail.operations.runs.streams import Stream, Streams

_STEP = 1.0  # seconds between two looks
_NOT_YET = "ResourceNotFoundException"
_FRAME = "[Container]"  # what CodeBuild says itself
_LAST = 8  # lines of a failure


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a log: of which stage and action, when, and by which stream."""

    stage: str
    action: str
    when: datetime
    text: str
    stream: str


def lines(opened: Opened, run: Run, *, follow: bool, stage: str | None = None) -> Iterator[Line]:
    """Yield the lines of an execution, or of one of its stages; with `follow`, until it has ended.
    Raises Mistakes for a stage that there is not, and Failure."""
    if stage is not None:
        check_stage(stage, opened.pipeline(run.pipeline).stages, run.pipeline)
    known: dict[tuple[str, str], Stream] = {}
    streams = Streams(opened)
    while True:
        try:
            ended = _ended(opened, run)
            for action in actions(opened, run.pipeline, run.execution):
                if stage in (None, action.stage):
                    for stream in streams.of(action):
                        known.setdefault((stream.group, stream.name), stream)
            found = [line for stream in known.values() for line in _read(opened, stream)]
        except CallError as error:
            raise failure(error, f"reading the logs of {run.pipeline}") from error
        yield from sorted(found, key=lambda line: line.when)
        if ended or not follow:
            return
        time.sleep(_STEP)


def last_words(opened: Opened, action: ActionRun) -> tuple[str, ...]:
    """Return what a failed action said at its end, without what CodeBuild says itself; nothing
    where it cannot be read."""
    try:
        found = [
            line
            for stream in Streams(opened).of(action)
            for line in _read(opened, stream)
            if line.text.strip() and not line.text.startswith(_FRAME)
        ]
    except CallError:
        return ()
    return tuple(line.text for line in sorted(found, key=lambda one: one.when)[-_LAST:])


def _ended(opened: Opened, run: Run) -> bool:
    pipeline = opened.pipeline(run.pipeline)
    found = (one for one in runs(opened, pipeline, 100) if one.execution == run.execution)
    return next(found, run).ended


def _read(opened: Opened, stream: Stream) -> Iterator[Line]:
    """Yield what came to a stream since it was last read."""
    since: dict[str, Any] = {}
    if stream.begins:
        since["startTime"] = int(stream.begins.timestamp() * 1000)
    while True:
        given: dict[str, Any] = {"nextToken": stream.token} if stream.token else {}
        try:
            told = opened.connection.call(
                stream.who,
                "logs",
                "GetLogEvents",
                logGroupName=stream.group,
                logStreamName=stream.name,
                startFromHead=True,
                **since,
                **given,
            )
        except ClientError as error:
            if code(error) == _NOT_YET and stream.token is None:
                return  # a build is known before its first line
            raise
        for event in told["events"]:
            when = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
            text = str(event["message"]).rstrip("\n")
            yield Line(stream.action.stage, stream.action.name, when, text, stream.name)
        same = told.get("nextForwardToken") == stream.token
        stream.token = told.get("nextForwardToken", stream.token)
        if same or not told["events"]:
            return

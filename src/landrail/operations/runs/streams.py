"""Which log streams an action of a pipeline has: its build's, those of the jobs that the build
started, those of the endpoint that a deployment makes.

Names follow from what made them: a job bears the end of its build's id (`operations.model.stage`),
an endpoint that of its stack. What the person may not see, or is not there yet, has no streams.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from landrail.aws.errors import CallError
from landrail.aws.sessions import Identity
from landrail.compiler import site
from landrail.operations.runs.opened import Opened
from landrail.operations.runs.state import ActionRun

_JOBS = ("TrainingJobs", "ProcessingJobs", "TransformJobs")
_KEPT = 40  # characters of the model's name that every job's name begins with
_STAGES = ("uat", "production")


@dataclass(slots=True)
class Stream:
    """A stream, who reads it, and where reading goes on; of an endpoint's, which lives on, only
    what came since the action `begins`."""

    action: ActionRun
    group: str
    name: str
    who: Identity
    begins: datetime | None = None
    token: str | None = None


class Streams:
    """Finds streams; each stage is entered once."""

    def __init__(self, opened: Opened) -> None:
        """Look as the person who opened the model."""
        self._opened = opened
        self._entered: dict[str, Identity | None] = {}

    def of(self, action: ActionRun) -> Iterator[Stream]:
        """Yield the streams of an action; raises botocore's errors."""
        if action.provider == "CodeBuild" and action.external:
            yield from self._of_build(action)
        if action.provider == "CloudFormation":
            yield from self._of_endpoint(action)

    def _of_build(self, action: ActionRun) -> Iterator[Stream]:
        told = self._opened.call("codebuild", "BatchGetBuilds", ids=[action.external])
        for build in told["builds"]:
            logs = build.get("logs", {})
            if "streamName" in logs:
                who = self._opened.identity
                yield Stream(action, logs["groupName"], logs["streamName"], who)
        run = action.external.rpartition(":")[2][:8]
        begin = site.model_name(self._opened.model)[:_KEPT]
        for who in self._stages():
            for job in _JOBS:
                group = f"/aws/sagemaker/{job}"
                for name in self._named(who, group, prefix=begin):
                    if name.partition("/")[0].endswith(run):
                        yield Stream(action, group, name, who)

    def _of_endpoint(self, action: ActionRun) -> Iterator[Stream]:
        for who in self._stages():
            for stage in ("development", *_STAGES):
                group = f"/aws/sagemaker/Endpoints/{site.endpoint(self._opened.model, stage)}"
                for name in self._named(who, group, since=action.started):
                    yield Stream(action, group, name, who, begins=action.started)

    def _stages(self) -> Iterator[Identity]:
        early = self._opened.project.document.models[self._opened.model].development
        for kind in (early, *_STAGES):
            if kind not in self._entered:
                found = self._opened.stage(kind)
                self._entered[kind] = found[1] if found else None
            who = self._entered[kind]
            if who is not None:
                yield who

    def _named(
        self, who: Identity, group: str, *, prefix: str = "", since: datetime | None = None
    ) -> Iterator[str]:
        given: dict[str, Any] = {"logStreamNamePrefix": prefix} if prefix else {}
        with suppress(*CallError):  # a stage without such a job or endpoint has no such group
            streams = self._opened.connection.listed(
                who, "logs", "DescribeLogStreams", "logStreams", logGroupName=group, **given
            )
            for stream in streams:
                last = stream.get("lastEventTimestamp", 0) / 1000
                if since is None or last >= since.timestamp():
                    yield str(stream["logStreamName"])

"""A platform whose decisions are written down, and the way of one model to production on it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landrail.operations.project import open_project
from landrail.operations.server import running
from tests.airline import standing
from tests.kinds.kinds_world import NUMBERS, World
from tests.steps import witness
from tests.steps.grants import Names, Walk

HERE = Path(__file__).parent
_ROOT = HERE.parents[1]
SHARED = "shared-prod"
_LONGEST = 60.0


@dataclass
class Steps(World):
    """The platform; `walks` are what was decided while models went their ways."""

    walks: list[Walk] = field(default_factory=list)

    def publish(self, data: str = "numbers", version: str = "1", text: str = NUMBERS) -> None:
        """Put a version of the data into the lake."""
        bucket = self.filled(f"steps-lake-{data}-{{data-prod}}")
        s3 = self.client("eli@data-prod", "s3")
        key = f"{data}/v={version}/{data}.csv"
        s3.put_object(Bucket=bucket, Key=key, Body=text.encode())

    @contextlib.contextmanager
    def walking(self, model: str) -> Iterator[None]:
        """Keep what is decided until its end, since the last one's, as a walk of the model."""
        before = sum(len(walk.decisions) for walk in self.walks)
        yield
        self.walks.append(Walk(model, self.decisions()[before:]))

    def released(self, model: str) -> str:
        """Wait for the release that was proposed; return its execution."""
        until = time.monotonic() + _LONGEST
        while time.monotonic() < until:
            for one in self.executions(f"{model}-release"):
                if one["status"] == "InProgress":
                    return str(one["pipelineExecutionId"])
            time.sleep(0.2)
        raise AssertionError("no release was proposed")

    def travel(self, model: str, execution: str, approver: str = "dee") -> str:
        """Go with an execution to production; return that of the release."""
        self.succeed(model, execution)
        release = self.released(model)
        self.approve(f"{model}-release", release, approver)
        self.succeed(f"{model}-release", release)
        return release

    def log(self, build: str) -> str:
        """A build's whole log, where it came as far as to have one."""
        project, _, stream = build.partition(":")
        logs = self.client(f"dee@{SHARED}", "logs")
        try:
            told = logs.get_log_events(
                logGroupName=f"/aws/codebuild/{project}", logStreamName=stream, startFromHead=True
            )
        except logs.exceptions.ResourceNotFoundException:
            return ""
        return "".join(event["message"] for event in told["events"])

    def again(self, pipeline: str, execution: str) -> None:
        """Wait for an execution that goes on after it had failed; it must succeed."""
        until = time.monotonic() + _LONGEST
        while time.monotonic() < until:
            told = [
                one["status"]
                for one in self.executions(pipeline)
                if one["pipelineExecutionId"] == execution
            ]
            if told == ["Succeeded"]:
                return
            time.sleep(0.3)
        raise AssertionError(f"{pipeline} does not go on: {self.why(pipeline, execution)}")

    def names(self) -> Names:
        """What the numbers in decisions stand for."""
        accounts = {number: name for name, number in self.platform.ids.items()}
        aliases: dict[str, str] = {}
        for account in self.platform.ids:
            told = self.client(f"audrey@{account}", "kms").list_aliases()["Aliases"]
            start = f"arn:aws:kms:eu-west-1:{self.platform.ids[account]}:key"
            aliases |= {
                f"{start}/{one['TargetKeyId']}": one["AliasName"]
                for one in told
                if "TargetKeyId" in one
            }
        return Names(accounts, aliases)

    def decisions(self) -> list[dict[str, Any]]:
        """What was decided so far."""
        path = self.platform.server.state / witness.FILE
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@contextlib.contextmanager
def witnessed(
    folder: Path, file: str = "landrail.yaml", first: Sequence[Sequence[str]] = ()
) -> Iterator[Steps]:
    """The platform of a file of this folder on a local AWS that writes its decisions down."""
    text = (HERE / file).read_text(encoding="utf-8")
    (folder / "landrail.yaml").write_text(text, encoding="utf-8")
    state = open_project(folder / "landrail.yaml").state
    with _served(state), standing(folder, text, first) as platform:
        yield Steps(platform, folder)


@contextlib.contextmanager
def _served(state: Path) -> Iterator[None]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "LANDRAIL_"))}
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (state / "server.log").open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, str(HERE / "witness.py"), "landrail.localaws", "--state", str(state)],
            env={**kept, "PYTHONPATH": str(_ROOT / "src"), "AWS_EC2_METADATA_DISABLED": "true"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            until = time.monotonic() + _LONGEST
            while running(state) is None:
                assert child.poll() is None, (state / "server.log").read_text(encoding="utf-8")
                assert time.monotonic() < until, "the local AWS does not come up"
                time.sleep(0.05)
            yield
        finally:
            child.terminate()
            child.wait()

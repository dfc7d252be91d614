"""Two lines of business with three small models each: who works on which, and their releases."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from landrail.compiler import wanted_of
from landrail.operations.enter import enter
from landrail.operations.project import open_project
from landrail.operations.server import require
from landrail.operations.signin import account_ids
from landrail.operations.target import open_target
from tests.airline import Platform, landrail, standing
from tests.kinds.kinds_world import NUMBERS, SHARED, World

T = TypeVar("T")


def border_of(percent: int) -> int:
    """Return how many of the numbers a model of that percentage does not call large."""
    return len(NUMBERS.split()[1:]) * percent // 100 + 1


HERE = Path(__file__).parent
MODELS = {
    "alpha": "retail",
    "beta": "retail",
    "gamma": "retail",
    "delta": "cargo",
    "kappa": "cargo",
    "omega": "cargo",
}
SCIENTIST = {"retail": "ana", "cargo": "cal"}
MLOPS = {"retail": "dee", "cargo": "fay"}
DATASET = {"retail": "numbers", "cargo": "weights"}
_LONGEST = 900.0


class Lines(World):
    """The platform of `two_lines.yaml`, with data for both lines."""

    def publish(self) -> None:
        """Put a version of each data set into the lake."""
        s3 = self.client("eli@data-prod", "s3")
        for name in DATASET.values():
            bucket = self.filled(f"lines-lake-{name}-{{data-prod}}")
            s3.put_object(Bucket=bucket, Key=f"{name}/v=1/{name}.csv", Body=NUMBERS.encode())

    def started(self, model: str) -> Path:
        """Begin a model's working copy on the data of its line."""
        copy = self.begin(model)
        project = copy / "pyproject.toml"
        project.write_text(project.read_text().replace("numbers@1", f"{DATASET[MODELS[model]]}@1"))
        return copy

    def send(self, copy: Path, percent: int) -> str:
        """Commit a model with another border, push it as its scientist; return the commit."""
        project = copy / "pyproject.toml"
        lines = [
            f'percent = "{percent}"' if line.startswith("percent") else line
            for line in project.read_text().splitlines()
        ]
        project.write_text("\n".join([*lines, ""]))
        commit = self.commit(copy, f"A border at {percent} of a hundred")
        entered = enter(self.platform.file, f"{SCIENTIST[MODELS[copy.name]]}@{SHARED}").child()
        url = f"https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/{copy.name}"
        self.git(copy, "push", "-q", url, "HEAD:refs/heads/main", environment=entered)
        return commit

    def mlops(self, model: str, service: str, account: str = SHARED) -> Any:
        """A client of the model's MLOps engineer."""
        return self.client(f"{MLOPS[MODELS[model]]}@{account}", service)

    def of(self, model: str, pipeline: str) -> list[dict[str, Any]]:
        """The executions of a pipeline of a model, the oldest first."""
        found = self.mlops(model, "codepipeline").list_pipeline_executions(pipelineName=pipeline)
        return list(reversed(found["pipelineExecutionSummaries"]))

    def acts(self, model: str, pipeline: str, execution: str) -> list[dict[str, Any]]:
        """What the actions of an execution did, the oldest first."""
        told = self.mlops(model, "codepipeline").list_action_executions(
            pipelineName=pipeline, filter={"pipelineExecutionId": execution}
        )
        return sorted(told["actionExecutionDetails"], key=lambda one: one["startTime"])

    def waits(self, model: str) -> tuple[str, str] | None:
        """The execution and the token of the approval that waits, if one does."""
        state = self.mlops(model, "codepipeline").get_pipeline_state(name=f"{model}-release")
        for stage in state["stageStates"]:
            for action in stage["actionStates"]:
                latest = action.get("latestExecution", {})
                if latest.get("status") == "InProgress" and "token" in latest:
                    return stage["latestExecution"]["pipelineExecutionId"], latest["token"]
        return None

    def accept(self, model: str, token: str) -> None:
        """Approve what waits, as the model's MLOps engineer."""
        self.mlops(model, "codepipeline").put_approval_result(
            pipelineName=f"{model}-release",
            stageName="Approval",
            actionName="Approve",
            token=token,
            result={"status": "Approved", "summary": "as measured"},
        )

    def live(self, model: str) -> dict[str, Any]:
        """The endpoint of a model in production, described."""
        account = f"{MODELS[model]}-production"
        client = self.mlops(model, "sagemaker", account)
        return dict(client.describe_endpoint(EndpointName=model))

    def border(self, model: str) -> int:
        """The border that production answers by: how many of the numbers are not large."""
        runtime = self.mlops(model, "sagemaker-runtime", f"{MODELS[model]}-production")
        told = runtime.invoke_endpoint(EndpointName=model, ContentType="text/csv", Body=NUMBERS)
        scores = told["Body"].read().decode().split()
        return sum(float(score) == 0 for score in scores)

    def kill(self) -> None:
        """Kill the local AWS where it stands and start it again."""
        os.kill(self.platform.server.pid, signal.SIGKILL)
        landrail(self.folder, "local", "start")
        project = open_project(self.platform.file)
        target, wanted = open_target(project), wanted_of(project.document)
        ids = account_ids(target.entrances, wanted)
        self.platform = Platform(project.path, require(project.state), target, wanted, ids)


@contextmanager
def two_lines(folder: Path) -> Iterator[Lines]:
    """The platform, applied to a local AWS of its own."""
    with standing(folder, (HERE / "two_lines.yaml").read_text(encoding="utf-8")) as platform:
        world = Lines(platform, folder)
        world.publish()
        yield world


def patiently(ask: Callable[[], T | None]) -> T:
    """Ask until there is an answer."""
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until:
        found = ask()
        if found is not None:
            return found
        time.sleep(0.2)
    raise AssertionError("it did not happen")

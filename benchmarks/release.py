"""Seconds from a push to the first prediction in production, with the approval given beforehand.

    python benchmarks/release.py [--json] [--releases N] [--sample N]

The example's airline is applied to a local AWS of its own, flights are published (every fifth by
default) and the model's project is pushed. An MLOps engineer approves the moment it is asked. Each
step lasts from the end of the one before it to its own, by the times that pipelines, jobs and
registry tell, so the steps add up to `total`. The second of two releases finds caches filled. It
moves a tenth of the traffic first, as the platform's default is: its first prediction is one of ten
in a row, and `watched` says how long after it the new version served alone.
`memory` rows are the peak resident size of the local AWS itself, without its jobs: when the
platform stands and nothing was pushed yet, and after the last release.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from apply import run
from botocore.exceptions import ClientError

from landrail.operations.apply import apply_plan
from landrail.operations.demo import science
from landrail.operations.demo.cast import Actor, Cast
from landrail.operations.demo.facts import LAKE, MODEL, PRODUCTION, SHARED, UAT, Facts
from landrail.operations.demo.flights import chunks, read_month
from landrail.operations.demo.play import people
from landrail.operations.demo.scene import Scene, set_up
from landrail.operations.enter import enter
from landrail.operations.plan import prepare

_RELEASE = f"{MODEL}-release"
_CANARY = 10  # of so many requests in a row, a canary of the default size gets one
_LOOK = 0.1  # seconds between two looks of whoever approves or asks for a prediction


@dataclass(frozen=True)
class World:
    """The platform that stands, its people, and a working copy of the model's project."""

    scene: Scene
    cast: Cast
    facts: Facts
    copy: Path
    request: bytes

    def actor(self, who: str, account: str) -> Actor:
        """Somebody in an account."""
        return self.cast.actor(who, account)

    def memory(self, line: str) -> float:
        """Return a line of the server's status in megabytes: `VmRSS`, or `VmHWM` for its peak."""
        facts = json.loads((self.scene.state / "server.json").read_text())
        status = Path(f"/proc/{facts['pid']}/status").read_text()
        return next(int(s.split()[1]) / 1024 for s in status.splitlines() if s.startswith(line))


def world(folder: Path, sample: int) -> World:
    """Apply the example, publish its data and prepare its project for a push."""
    scene = set_up(folder)
    prepared = prepare(scene.file, start=True)
    result = apply_plan(prepared)
    if not result.ok:
        raise SystemExit(f"the platform does not stand: {result.failed}")
    cast, facts, _ = people(scene, prepared)
    files = folder / "flights"
    publish = [str(scene.example / "publish.py"), str(files), "--sample", str(sample)]
    subprocess.run([sys.executable, *publish], check=True, stdout=subprocess.DEVNULL)
    science.publish(cast.actor("eli", LAKE), facts, sorted(files.glob("*.csv.gz")))
    copy = folder / MODEL
    science.commit(scene.example / MODEL, copy, facts.document.region)
    request = next(chunks(read_month(files, 12), 1)).encode()
    return World(scene, cast, facts, copy, request)


def release(here: World) -> tuple[dict[str, float], float]:
    """Push a commit, approve, and wait until production answers with its model; return the steps
    in order, in seconds, and how long after them it serves alone. Raises SystemExit where a
    pipeline fails."""
    engineer, producer = here.actor("dee", SHARED), here.actor("dee", PRODUCTION)
    environment = enter(here.scene.file, f"ana@{SHARED}").child()
    before, live = _executions(engineer), _configuration(producer)
    began = time.time()
    marks = {}
    science.send(environment, here.copy)
    marks["push"] = time.time()
    while (waiting := _waiting(engineer, before)) is None:
        _check(engineer, before)
        time.sleep(_LOOK)
    marks["approval"] = time.time()
    engineer.call(
        "codepipeline",
        "PutApprovalResult",
        pipelineName=_RELEASE,
        **waiting,
        result={"status": "Approved", "summary": "given beforehand"},
    )
    while (requests := _until_answered(producer, live)) is None:
        _check(engineer, before)
        time.sleep(_LOOK)
    for _ in range(requests):
        _ask(producer, here.request)
    marks["first prediction"] = time.time()
    while (serves := _configuration(producer)) is None or serves == live:
        _check(engineer, before)
        time.sleep(_LOOK)
    after = time.time() - marks["first prediction"]
    marks |= _actions(engineer, before) | _jobs(here.actor("dee", UAT))
    marks["build: image pushed"] = _pushed(engineer)
    return dict(_steps(began, marks)), after


def _commit(copy: Path, message: str) -> None:
    """Commit once more with the same sources."""
    who = ("-c", "user.name=Ana", "-c", "user.email=ana@acme-air.example")
    words = ("commit", "-q", "--allow-empty", "-m", message)
    subprocess.run(["git", "-C", str(copy), *who, *words], check=True)


def _steps(began: float, marks: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Yield how long each step lasted: from the end of the one before it to its own."""
    last = began
    for name, end in sorted(marks.items(), key=lambda mark: mark[1]):
        if end >= began and end <= marks["first prediction"]:
            yield name, round(end - last, 2)
            last = end


def _executions(engineer: Actor) -> dict[str, set[str]]:
    found = {}
    for name in (MODEL, _RELEASE):
        answer = engineer.call("codepipeline", "ListPipelineExecutions", pipelineName=name)
        found[name] = {e["pipelineExecutionId"] for e in answer["pipelineExecutionSummaries"]}
    return found


def _check(engineer: Actor, before: Mapping[str, set[str]]) -> None:
    for name, known in before.items():
        answer = engineer.call("codepipeline", "ListPipelineExecutions", pipelineName=name)
        for one in answer["pipelineExecutionSummaries"]:
            if one["pipelineExecutionId"] not in known and one["status"] in ("Failed", "Stopped"):
                raise SystemExit(f"the pipeline {name} {one['status'].lower()}: {one}")


def _waiting(engineer: Actor, before: Mapping[str, set[str]]) -> dict[str, str] | None:
    state = engineer.call("codepipeline", "GetPipelineState", name=_RELEASE)
    for stage in state["stageStates"]:
        if stage.get("latestExecution", {}).get("pipelineExecutionId") in before[_RELEASE]:
            continue
        for action in stage["actionStates"]:
            latest = action.get("latestExecution", {})
            if latest.get("status") == "InProgress" and "token" in latest:
                names = {"stageName": stage["stageName"], "actionName": action["actionName"]}
                return {**names, "token": latest["token"]}
    return None


def _configuration(producer: Actor) -> str | None:
    """Return what the production endpoint serves by, None where it does not serve."""
    try:
        found = producer.call("sagemaker", "DescribeEndpoint", EndpointName=MODEL)
    except ClientError:
        return None
    return str(found["EndpointConfigName"]) if found["EndpointStatus"] == "InService" else None


def _until_answered(producer: Actor, live: str | None) -> int | None:
    """Return of how many requests in a row the new version answers one; None: none yet. The shares
    of a deployment are kept exactly."""
    if (serves := _configuration(producer)) is not None and serves != live:
        return 1
    if live is None:
        return None
    told = producer.call("sagemaker", "DescribeEndpoint", EndpointName=MODEL)
    comes = told.get("PendingDeploymentSummary", {}).get("ProductionVariants", [{}])[0]
    watched = [one["Status"] for one in comes.get("VariantStatus", [])]
    return _CANARY if "Baking" in watched else None


def _ask(producer: Actor, body: bytes) -> None:
    answer = producer.call(
        "sagemaker-runtime",
        "InvokeEndpoint",
        EndpointName=MODEL,
        ContentType="text/csv",
        Accept="text/csv",
        Body=body,
    )
    float(answer["Body"].read())


def _actions(engineer: Actor, before: Mapping[str, set[str]]) -> dict[str, float]:
    """Return when each action of the new executions ended."""
    ends = {}
    for name, known in before.items():
        answer = engineer.call("codepipeline", "ListActionExecutions", pipelineName=name)
        for one in answer["actionExecutionDetails"]:
            manual = one.get("input", {}).get("actionTypeId", {}).get("category") == "Approval"
            ended = one["status"] == "Succeeded" and not manual
            if one["pipelineExecutionId"] not in known and ended:
                place = f"{name}/{one['stageName']}/{one['actionName']}"
                ends[place] = one["lastUpdateTime"].timestamp()
    return ends


def _jobs(engineer: Actor) -> dict[str, float]:
    """Return when the jobs in UAT started their containers and ended."""
    found = {}
    for kind in ("Training", "Processing"):
        listed = engineer.call("sagemaker", f"List{kind}Jobs")[f"{kind}JobSummaries"]
        name = {f"{kind}JobName": listed[0][f"{kind}JobName"]}
        job = engineer.call("sagemaker", f"Describe{kind}Job", **name)
        for word, member in (
            ("created", "CreationTime"),
            ("started", f"{kind}StartTime"),
            ("container done", f"{kind}EndTime"),
            ("done", "LastModifiedTime"),
        ):
            found[f"{kind.lower()} job {word}"] = job[member].timestamp()
    return found


def _pushed(engineer: Actor) -> float:
    images = engineer.call("ecr", "DescribeImages", repositoryName=MODEL)["imageDetails"]
    return float(max(image["imagePushedAt"].timestamp() for image in images))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--releases", type=int, default=2, help="one after the other")
    parser.add_argument("--sample", type=int, default=5, help="take every N-th flight")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="landrail-bench-") as folder:
        here = world(Path(folder), options.sample)
        try:
            _tell(options.json, "memory: platform stands", megabytes=here.memory("VmHWM"))
            for number in range(1, options.releases + 1):
                _commit(here.copy, f"Release {number}")
                steps, after = release(here)
                for name, seconds in steps.items():
                    _tell(options.json, name, seconds=seconds, release=number)
                _tell(options.json, "total", seconds=sum(steps.values()), release=number)
                _tell(options.json, "watched", seconds=after, release=number)
            _tell(options.json, "memory: peak", megabytes=here.memory("VmHWM"))
        finally:
            run(here.scene.folder, "local", "stop")


def _tell(as_json: bool, step: str, **figures: float) -> None:
    rounded = {name: round(value, 2) for name, value in figures.items()}
    if as_json:
        print(json.dumps({"step": step, **rounded}), flush=True)
        return
    print(f"{step:<44}", *(f"{v:>8.2f} {n}" for n, v in rounded.items()), flush=True)


if __name__ == "__main__":
    main()

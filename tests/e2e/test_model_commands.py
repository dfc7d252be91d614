"""A model's pipelines from the command line, on the demo: seen, followed, refused with the reason;
released and rolled back in the soak."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")


def told(demo: Demo, *words: str) -> Any:
    """What a command says as JSON."""
    return json.loads(demo.run("model", *words, "--json").stdout)


def test_what_is_live_and_how_it_came_there(demo: Demo) -> None:
    found = told(demo, "status", "delays")
    assert found["live"]["status"] == "InService"
    assert found["live"]["model_package"].endswith("delays/1")
    assert {"version": 1, "status": "Approved"} in found["versions"]
    runs = told(demo, "log", "delays", "-n", "50")
    answered = {(one["stage"], one["by"]) for run in runs for one in run["actions"] if one["by"]}
    assert ("Approval", "dee") in answered
    shown = demo.run("model", "log", "delays").stdout
    assert "by dee" in shown
    assert all(len(line) <= 100 for line in shown.splitlines())


def test_a_scientist_sees_it_too(demo: Demo) -> None:
    shown = demo.run("model", "status", "delays", "--as", "ana").stdout
    assert "as ana (data-scientist-punctuality)" in shown


def test_the_logs_are_those_of_builds_and_of_their_jobs(demo: Demo) -> None:
    run = next(
        one["execution"]
        for one in told(demo, "log", "delays", "-n", "50")
        if one["pipeline"] == "delays" and one["status"] == "Succeeded"
    )
    lines = demo.run("model", "logs", "delays", "--run", run[:8]).stdout
    assert "landrail model step build" in lines
    assert "the gate is passed" in lines
    assert '"auc"' in lines, "the evaluation's own output"
    one = demo.run("model", "logs", "delays", "--run", run, "--stage", "Staging", "--json").stdout
    assert "Test" in {json.loads(line)["action"] for line in one.splitlines()}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("status dealys", 2, "did you mean `delays`?"),
        ("run delays --pipeline relaese", 2, "did you mean `release`?"),
        ("run delays --set Nothing=1", 2, "no variable `Nothing`"),
        ("run delays --set Nothing", 2, "is not NAME=VALUE"),
        ("status delays --as cal", 2, "those who can"),
        ("log delays --run 12", 2, "no execution begins with `12`"),
        ("reject delays", 2, "--comment"),
        ("rollback delays", 1, "no earlier release of delays"),
        ("rollback delays --stage Prodution", 2, "did you mean `Production`?"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_can(
    demo: Demo, words: str, code: int, said: str
) -> None:
    ended = demo.run("model", *words.split(), ok=False)
    assert ended.returncode == code
    assert said in " ".join(ended.stderr.split())


def test_a_scientist_starts_nothing(demo: Demo) -> None:
    ended = demo.run("model", "run", "delays", "--as", "ana", ok=False)
    assert ended.returncode == 1
    assert "codepipeline:StartPipelineExecution" in ended.stderr


def push(demo: Demo, who: str, copy: Path) -> None:
    """Push a commit of somebody's own to the model's repository."""
    url = "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/delays"
    git = ["git", "-c", f"user.name={who}", "-c", f"user.email={who}@acme-air.example"]
    there = ["-C", str(copy)]
    for words in (
        [*git, "clone", "-q", url, str(copy)],
        [*git, *there, "commit", "-q", "--allow-empty", "-m", "Once more"],
        [*git, *there, "push", "-q", "origin", "main"],
    ):
        demo.as_(f"{who}@shared-prod", *words)


def waiting(demo: Demo) -> str:
    """Wait for a release that asks for approval; return its execution."""
    until = time.monotonic() + 400
    while time.monotonic() < until:
        for one in told(demo, "status", "delays")["pipelines"]:
            if one["approvals"]:
                return str(one["approvals"][0]["execution"])
        time.sleep(1)
    raise AssertionError(demo.run("model", "status", "delays").stdout)


def live(demo: Demo) -> str:
    """The version that is live."""
    return str(told(demo, "status", "delays")["live"]["model_package"])


def settled(demo: Demo) -> None:
    """Reject releases that others' commits have begun, and wait until nothing runs."""
    until = time.monotonic() + 400
    while any(one["status"] == "InProgress" for one in told(demo, "log", "delays", "-n", "50")):
        assert time.monotonic() < until, demo.run("model", "status", "delays").stdout
        if any(one["approvals"] for one in told(demo, "status", "delays")["pipelines"]):
            demo.run("model", "reject", "delays", "-m", "Not this one")
        time.sleep(1)


@pytest.mark.soak
def test_a_release_is_followed_approved_and_rolled_back(demo: Demo, tmp_path: Path) -> None:
    settled(demo)
    first = live(demo)
    begun = told(demo, "run", "delays", "--follow")
    own = waiting(demo)
    assert begun["execution"] != own
    refused = demo.run("model", "approve", "delays", "--as", "ana", ok=False)
    assert "codepipeline:PutApprovalResult" in refused.stderr
    assert told(demo, "approve", "delays", "-m", "as before")["by"] == "dee"
    lines = demo.run("model", "logs", "delays", "--run", own, "--follow").stdout
    assert "dee approved a model that is their own work" in lines, "she began it by hand"
    assert live(demo) == first

    push(demo, "ana", tmp_path / "delays")
    release = waiting(demo)
    told(demo, "approve", "delays", "-m", "ana's")
    demo.run("model", "logs", "delays", "--run", release, "--follow")
    second = live(demo)
    assert second != first
    back = told(demo, "rollback", "delays", "--follow")
    assert back["target"]["pipeline"] == "delays-release"
    assert live(demo) == first
    demo.run("model", "rollback", "delays", "--to", release, "--follow")
    assert live(demo) == second

"""Builds that wait, run at once, are stopped, and are asked for again."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from code_builder import Builder, contexts, statuses
from code_people import allow, until

WAITING = """
version: 0.2
phases:
  build:
    commands:
      - sleep 6174 & sleep 6175
"""
QUICK = "version: 0.2\nphases: {build: {commands: [echo quick]}}\n"
FAILING = "version: 0.2\nphases: {build: {commands: ['false']}}\n"


def _refusal(call: Any, **params: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        call(**params)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def _running(command: str) -> bool:
    """Whether a process of this machine runs a command."""
    wanted = command.replace(" ", "\0").encode() + b"\0"
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if entry.read_bytes() == wanted:
                return True
    return False


def test_a_limited_project_runs_its_builds_one_after_the_other(builder: Builder) -> None:
    name = builder.project(WAITING, concurrentBuildLimit=1)
    first, second, third = (builder.start(name) for _ in range(3))
    builder.until(first, "BUILD")
    builder.until(second, "QUEUED")
    stopped = builder.client.stop_build(id=second)["build"]
    assert (stopped["buildStatus"], statuses(stopped)["QUEUED"]) == ("STOPPED", "STOPPED")
    assert builder.get(third)["currentPhase"] == "QUEUED"
    builder.client.update_project(name=name, concurrentBuildLimit=-1)
    builder.until(third, "BUILD")
    until(lambda: _running("sleep 6174") and _running("sleep 6175"))
    assert builder.get(first)["currentPhase"] == "BUILD"
    for one in (first, third):
        build = builder.client.stop_build(id=one)["build"]
        assert (build["buildStatus"], statuses(build)["BUILD"]) == ("STOPPED", "STOPPED")
    assert not _running("sleep 6174")
    assert not _running("sleep 6175")
    numbers = [builder.get(one)["buildNumber"] for one in (first, second, third)]
    assert numbers == [1, 2, 3]
    again = builder.client.stop_build(id=first)["build"]
    assert again["endTime"] == builder.get(first)["endTime"]


def test_a_token_starts_one_build_and_is_of_one_call(builder: Builder) -> None:
    name = builder.project(QUICK)
    started = {builder.start(name, idempotencyToken="once") for _ in range(3)}
    [build_id] = started
    code, message = _refusal(
        builder.start, name=name, idempotencyToken="once", sourceVersion="other"
    )
    assert code == "InvalidInputException"
    assert "other parameters" in message
    builder.wait(build_id)
    client = builder.client
    again = {client.retry_build(id=build_id, idempotencyToken="r")["build"]["id"] for _ in range(2)}
    [retried] = again
    assert builder.wait(retried)["buildStatus"] == "SUCCEEDED"
    assert client.list_builds_for_project(projectName=name)["ids"] == [retried, build_id]
    listed = client.list_builds_for_project(projectName=name, sortOrder="ASCENDING")["ids"]
    assert listed == [build_id, retried]
    found = client.batch_delete_builds(ids=[build_id, f"{name}:nowhere"])
    assert [one.rpartition("/")[2] for one in found["buildsDeleted"]] == [build_id]
    assert found["buildsNotDeleted"][0]["id"] == f"{name}:nowhere"


def test_a_failed_build_is_tried_again_by_itself(builder: Builder, account: str) -> None:
    name = builder.project(FAILING, autoRetryLimit=1)
    first = builder.run(name)
    assert first["autoRetryConfig"]["autoRetryLimit"] == 1
    # Its role may not ask for it.
    assert builder.client.list_builds_for_project(projectName=name)["ids"] == [first["id"]]


def test_a_failed_build_is_tried_again_where_its_role_may(
    builder: Builder, service_role: Any, unique: Any
) -> None:
    policy = allow("logs:*", "codebuild:RetryBuild")
    role = service_role(unique("retrier"), policy, "codebuild.amazonaws.com")
    name = builder.project(FAILING, autoRetryLimit=1, serviceRole=role)
    first = builder.run(name)

    def both() -> list[str] | None:
        ids: list[str] = builder.client.list_builds_for_project(projectName=name)["ids"]
        return ids if len(ids) == 2 else None

    second = builder.wait(until(both)[0])
    assert second["autoRetryConfig"]["autoRetryNumber"] == 1
    assert second["autoRetryConfig"]["previousAutoRetry"] == first["arn"]
    until(lambda: builder.get(first["id"])["autoRetryConfig"].get("nextAutoRetry"))
    assert len(builder.client.list_builds_for_project(projectName=name)["ids"]) == 2


def test_what_a_build_overrides_is_its_own(builder: Builder) -> None:
    name = builder.project(FAILING)
    build = builder.run(
        name,
        buildspecOverride=QUICK,
        timeoutInMinutesOverride=7,
        queuedTimeoutInMinutesOverride=8,
        computeTypeOverride="BUILD_GENERAL1_LARGE",
        environmentVariablesOverride=[{"name": "X", "value": "y"}],
    )
    assert build["buildStatus"] == "SUCCEEDED"
    assert (build["timeoutInMinutes"], build["queuedTimeoutInMinutes"]) == (7, 8)
    assert build["environment"]["computeType"] == "BUILD_GENERAL1_LARGE"
    [project] = builder.client.batch_get_projects(names=[name])["projects"]
    assert project["timeoutInMinutes"] == 60
    assert project["environment"]["environmentVariables"] == []
    refused = {"debugSessionEnabled": True, "certificateOverride": "x"}
    code, message = _refusal(builder.start, name=name, **refused)
    assert code == "InvalidInputException"
    assert "certificateOverride, debugSessionEnabled" in message


def test_settings_are_refused_all_at_once(builder: Builder) -> None:
    code, message = _refusal(
        builder.project,
        buildspec=QUICK,
        badgeEnabled=True,
        cache={"type": "LOCAL", "modes": ["LOCAL_DOCKER_LAYER_CACHE"]},
        logsConfig={"s3Logs": {"status": "ENABLED"}},
    )
    assert code == "InvalidInputException"
    for part in ("badgeEnabled", "LOCAL_DOCKER_LAYER_CACHE", "location must be provided"):
        assert part in message
    assert contexts(builder.run(builder.project(QUICK))) == []

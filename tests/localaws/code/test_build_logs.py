"""Logs of builds: as they come in CloudWatch Logs, and at the end in S3."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

from code_builder import Builder, contexts
from code_people import Person, allow, until

WAITING = """
version: 0.2
phases:
  build:
    commands:
      - echo first line
      - while [ ! -e go ]; do sleep 0.1; echo tick; test "$(ls | wc -l)" -lt 9 || break; done
"""
QUICK = "version: 0.2\nphases: {build: {commands: [echo quick]}}\n"


def test_lines_are_there_while_the_build_runs(builder: Builder) -> None:
    build_id = builder.start(builder.project(WAITING))
    builder.until(build_id, "BUILD")
    where = builder.get(build_id)["logs"]
    names = {"logGroupName": where["groupName"], "logStreamName": where["streamName"]}
    seen: list[str] = []
    token: dict[str, str] = {}

    def follow() -> bool:
        answer = builder.logs.get_log_events(**names, startFromHead=True, **token)
        token["nextToken"] = answer["nextForwardToken"]
        seen.extend(one["message"] for one in answer["events"])
        return seen.count("tick\n") > 20

    until(follow)
    assert builder.get(build_id)["currentPhase"] == "BUILD"
    builder.client.stop_build(id=build_id)
    follow()
    assert seen.count("first line\n") == 1
    whole = builder.logs.filter_log_events(
        logGroupName=where["groupName"], logStreamNames=[where["streamName"]]
    )["events"]
    assert [one["message"] for one in whole][: len(seen)] == seen
    found = builder.logs.filter_log_events(
        logGroupName=where["groupName"], filterPattern='"first line"'
    )["events"]
    assert "first line\n" in [one["message"] for one in found]


def test_logs_go_where_the_project_says(
    builder: Builder, person: Person, bucket: Callable[[str], str], unique: Callable[[str], str]
) -> None:
    place, group = bucket(unique("logs")), unique("/builds/group")
    logs: dict[str, Any] = {
        "cloudWatchLogs": {"status": "ENABLED", "groupName": group, "streamName": "of"},
        "s3Logs": {"status": "ENABLED", "location": f"{place}/under"},
    }
    name = builder.project(QUICK, logsConfig=logs)
    build = builder.run(name)
    own = build["id"].rpartition(":")[2]
    told = build["logs"]
    assert (told["groupName"], told["streamName"]) == (group, f"of/{own}")
    assert told["cloudWatchLogsArn"].endswith(f":log-group:{group}:log-stream:of/{own}")
    assert told["s3LogsArn"] == f"arn:aws:s3:::{place}/under/{own}.gz"
    body = person.client("s3").get_object(Bucket=place, Key=f"under/{own}.gz")["Body"].read()
    assert "quick" in gzip.decompress(body).decode().splitlines()
    assert "quick" in builder.lines(build)
    disabled = {"cloudWatchLogs": {"status": "DISABLED"}}
    silent = builder.run(name, logsConfigOverride={**disabled, "s3Logs": {"status": "DISABLED"}})
    assert "groupName" not in silent["logs"]
    assert silent["buildStatus"] == "SUCCEEDED"


def test_a_role_that_may_not_write_logs_cannot_build(
    builder: Builder,
    bucket: Callable[[str], str],
    service_role: Callable[..., str],
    unique: Callable[[str], str],
) -> None:
    role = service_role(unique("mute"), allow("s3:ListBucket"), "codebuild.amazonaws.com")
    build = builder.run(builder.project(QUICK, serviceRole=role))
    [(code, message)] = contexts(build, "PROVISIONING")
    assert code == "ACCESS_DENIED"
    assert "does not allow AWS CodeBuild to create Amazon CloudWatch Logs log streams" in message
    place = bucket(unique("logs"))
    logs: dict[str, Any] = {
        "cloudWatchLogs": {"status": "DISABLED"},
        "s3Logs": {"status": "ENABLED", "location": place},
    }
    build = builder.run(builder.project(QUICK, serviceRole=role, logsConfig=logs))
    [(code, message)] = contexts(build)
    assert code == "ACCESS_DENIED"
    assert "s3:PutObject" in message
    assert build["buildStatus"] == "FAILED"

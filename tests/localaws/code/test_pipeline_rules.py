"""Rules of Events that start pipelines: by a schedule, and with the revision of the event."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from code_people import REGION, Person, allow, trust, until
from code_workshop import Workshop
from pipeline_lines import Line, approvals


def _put(
    shop: Workshop, account: str, role: str, rule: dict[str, str], target: dict[str, Any]
) -> None:
    events = shop.person.client("events")
    events.put_rule(Name=shop.name, **rule)
    arn = f"arn:aws:codepipeline:{REGION}:{account}:{shop.name}"
    found = events.put_targets(
        Rule=shop.name, Targets=[{"Id": "p", "Arn": arn, "RoleArn": role, **target}]
    )
    assert found["FailedEntryCount"] == 0


def test_an_event_brings_the_commit_along(
    workshop: Workshop, service_role: Callable[..., str], account: str
) -> None:
    line = Line(
        workshop,
        approvals("A"),
        executionMode="QUEUED",
        variables=[{"name": "author", "defaultValue": "nobody"}],
    )
    role = service_role(
        f"{workshop.name}-e", allow("codepipeline:StartPipelineExecution"), "events.amazonaws.com"
    )
    pattern = {
        "source": ["aws.codecommit"],
        "resources": [f"arn:aws:codecommit:{REGION}:{account}:{workshop.repository}"],
        "detail": {"referenceType": ["branch"], "referenceName": ["main"]},
    }
    revision = {
        "actionName": "Commit",
        "revisionType": "COMMIT_ID",
        "revisionValue": "<commit>",
    }
    variables = [{"name": "author", "value": "<ref>"}]
    template = json.dumps({"sourceRevisions": [revision], "variables": variables})
    paths = {"commit": "$.detail.commitId", "ref": "$.detail.referenceName"}
    shaped = {"InputPathsMap": paths, "InputTemplate": template}
    rule = {"EventPattern": json.dumps(pattern)}
    _put(workshop, account, role, rule, {"InputTransformer": shaped})
    commits = [workshop.commit(word) for word in ("beta", "gamma")]

    def pinned() -> bool:
        found = [
            one
            for one in reversed(line.executions())
            if one["trigger"]["triggerType"] == "CloudWatchEvent"
        ]
        got = [each["revisionId"] for one in found for each in one.get("sourceRevisions", [])]
        return got == commits

    until(pinned)
    latest = line.execution(line.executions()[0]["pipelineExecutionId"])
    assert latest["variables"] == [{"name": "author", "resolvedValue": "main"}]


def test_what_is_no_schedule_is_refused(person: Person, unique: Callable[[str], str]) -> None:
    events = person.client("events")
    with pytest.raises(ClientError) as caught:
        events.put_rule(Name=unique("r"), ScheduleExpression="rate(1 minutes)")
    error = caught.value.response["Error"]
    assert error["Code"] == "ValidationException"
    assert "Parameter ScheduleExpression is not valid." in error["Message"]
    assert events.put_rule(Name=unique("r"), ScheduleExpression="cron(0 3 ? * MON *)")["RuleArn"]


def test_a_schedule_starts_a_pipeline(launch: Callable[..., Any], tmp_path: Path) -> None:
    running = launch(tmp_path, "--port", "0")
    local = running.local
    account = str(local.account("code"))
    name = "nightly"
    home = tmp_path / "home"
    home.mkdir()
    local.role(account, name, allow("*"), trust("codepipeline.amazonaws.com"))
    role = local.role(account, f"{name}-e", allow("*"), trust("events.amazonaws.com"))

    def shop(local: Any) -> Workshop:
        person = Person(local.administrator(account), local.endpoint, home)
        arn = f"arn:aws:iam::{account}:role/{name}"
        return Workshop(person, name, name, arn, f"{name}-store", name)

    here = shop(local)
    here.person.client("codecommit").create_repository(repositoryName=name)
    here.person.client("s3").create_bucket(
        Bucket=here.bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    declared = [{"name": "when", "defaultValue": "day"}]
    Line(here, approvals("A"), executionMode="PARALLEL", variables=declared)
    given = json.dumps({"variables": [{"name": "when", "value": "night"}]})
    _put(here, account, role, {"ScheduleExpression": "rate(1 minute)"}, {"Input": given})
    running.stop()
    _age(tmp_path / "tables.sqlite", 50)

    there = shop(launch(tmp_path, "--port", "0").local)

    def scheduled() -> dict[str, Any] | None:
        found = there.client.list_pipeline_executions(pipelineName=name)
        for one in found["pipelineExecutionSummaries"]:
            if one["trigger"]["triggerType"] == "CloudWatchEvent":
                return dict(one)
        return None

    found = until(scheduled, 150)
    assert found["trigger"]["triggerDetail"].endswith(f":rule/{name}")
    shown = there.client.get_pipeline_execution(
        pipelineName=name, pipelineExecutionId=found["pipelineExecutionId"]
    )["pipelineExecution"]
    assert shown["variables"] == [{"name": "when", "resolvedValue": "night"}]


def _age(path: Path, seconds: float) -> None:
    """Let schedules have begun so long ago."""
    table = sqlite3.connect(path)
    where = "name = 'events.schedules'"
    for key, text in table.execute(f"SELECT key, value FROM documents WHERE {where}").fetchall():
        record = {**json.loads(text), "since": time.time() - seconds}
        table.execute(
            f"UPDATE documents SET value = ? WHERE {where} AND key = ?", (json.dumps(record), key)
        )
    table.commit()
    table.close()

"""Builds as Events tells of them: rules choose by project and status."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from code_builder import Builder
from code_people import Person, listening_queue, until

FAILING = "version: 0.2\nphases: {build: {commands: ['exit 4']}}\n"
QUICK = "version: 0.2\nphases: {build: {commands: [echo quick]}}\n"


def test_a_rule_hears_of_the_builds_that_it_asks_for(
    builder: Builder, person: Person, account: str, unique: Callable[[str], str]
) -> None:
    name, rule = builder.project(FAILING), unique("failed")
    url, arn = listening_queue(person, account, rule)
    pattern = {
        "source": ["aws.codebuild"],
        "detail-type": ["CodeBuild Build State Change"],
        "detail": {"build-status": ["FAILED"], "project-name": [name]},
    }
    events = person.client("events")
    events.put_rule(Name=rule, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=rule, Targets=[{"Id": "queue", "Arn": arn}])
    builder.run(name, buildspecOverride=QUICK)
    build = builder.run(name)

    def heard() -> list[Any]:
        found: list[Any] = person.client("sqs").receive_message(QueueUrl=url).get("Messages", [])
        return found

    [message] = until(heard)
    event = json.loads(message["Body"])
    detail = event["detail"]
    assert event["resources"] == [build["arn"]]
    assert (detail["build-id"], detail["current-phase"]) == (build["arn"], "COMPLETED")
    more = detail["additional-information"]
    assert more["logs"]["stream-name"] == build["logs"]["streamName"]
    [failed] = [one for one in more["phases"] if one.get("phase-status") == "FAILED"]
    assert failed["phase-type"] == "BUILD"
    assert "exit status 4" in failed["phase-context"][0]

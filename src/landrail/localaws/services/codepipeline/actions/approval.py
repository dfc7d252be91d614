"""Manual approval: waits for a person's word, with a token that dies with the wait."""

from __future__ import annotations

import json
import time
import uuid

from landrail.localaws.services.codepipeline.actions.task import ActionFailed, Outcome, Task

DAYS_7 = 7 * 24 * 60


def approve(task: Task) -> Outcome:
    """Wait until someone approves or rejects; the token and its end survive a restart."""
    if "token" not in task.record:
        minutes = int(task.action.get("timeoutInMinutes") or DAYS_7)
        expires = float(task.record["started"]) + 60 * minutes
        task.note(token=str(uuid.uuid4()), expires=expires)
    if "asked" not in task.record:
        _notify(task, float(task.record["expires"]))
        task.note(asked=True)
    while "verdict" not in (record := task.record):
        left = float(record["expires"]) - time.time()
        if left <= 0:
            raise ActionFailed("The approval was not answered in time", "ActionTimeout")
        task.wait(left)
    verdict = record["verdict"]
    if verdict["status"] == "Rejected":
        raise ActionFailed(f"Rejected by {verdict['by']}: {verdict['summary']}", "Rejected")
    return Outcome(summary=str(verdict["summary"]))


def _notify(task: Task, expires: float) -> None:
    topic = task.configuration.get("NotificationArn")
    if not topic:
        return
    when = time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime(expires))
    message = {
        "region": task.region,
        "approval": {
            "pipelineName": task.pipeline,
            "stageName": task.stage,
            "actionName": task.action["name"],
            "token": task.record["token"],
            "expires": when,
            "externalEntityLink": task.configuration.get("ExternalEntityLink"),
            "customData": task.configuration.get("CustomData"),
        },
    }
    subject = f"APPROVAL NEEDED: AWS CodePipeline {task.pipeline} for action {task.action['name']}"
    task.call(
        "sns",
        "Publish",
        {"TopicArn": topic, "Subject": subject[:100], "Message": json.dumps(message)},
    )

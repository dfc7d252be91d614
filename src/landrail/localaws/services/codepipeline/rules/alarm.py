"""CloudWatchAlarm: fails where an alarm is in a state that is not wanted, now or while it waits."""

from __future__ import annotations

import time

from landrail.localaws.services.codepipeline.actions.task import ActionFailed, Outcome, Task

_LOOK = 5.0


def alarm(task: Task) -> Outcome:
    """Watch the alarm for `WaitTime` minutes; `AlarmStates` are those that fail the rule."""
    name = task.configuration["AlarmName"]
    states = task.configuration.get("AlarmStates", "ALARM").replace(" ", "").split(",")
    try:
        minutes = float(task.configuration.get("WaitTime", "0"))
    except ValueError as error:
        told = f"WaitTime {task.configuration['WaitTime']} is no number of minutes"
        raise ActionFailed(told, "ConfigurationError") from error
    end = float(task.record["started"]) + 60.0 * minutes
    while True:
        state = _state(task, name)
        if state in states:
            raise ActionFailed(f"The alarm {name} is in state {state}", "RuleFailed")
        left = end - time.time()
        if left <= 0:
            return Outcome(summary=f"The alarm {name} is in state {state}")
        task.wait(min(left, _LOOK))


def _state(task: Task, name: str) -> str:
    answer = task.call("cloudwatch", "DescribeAlarms", {"AlarmNames": [name]})
    found = [*(answer.get("MetricAlarms") or []), *(answer.get("CompositeAlarms") or [])]
    if not found:
        raise ActionFailed(f"There is no alarm {name}", "ConfigurationError")
    return str(found[0]["StateValue"])

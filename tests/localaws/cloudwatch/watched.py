"""An account whose metrics are watched: clients, short ways to put values and to make alarms."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3


@dataclass
class Watched:
    """One account, as its administrator; `name` is a namespace that no other test uses."""

    local: Any
    account: str
    session: boto3.Session
    name: str

    def client(self, service: str) -> Any:
        """A client of a service."""
        return self.local.client(service, self.session)

    @property
    def cloudwatch(self) -> Any:
        """A client of CloudWatch."""
        return self.client("cloudwatch")

    def put(self, metric: str, **datum: Any) -> None:
        """Put one datum of a metric."""
        data = [{"MetricName": metric, **datum}]
        self.cloudwatch.put_metric_data(Namespace=self.name, MetricData=data)

    def alarm(self, name: str, **settings: Any) -> None:
        """Make an alarm; by default on the maximum of `m` beyond 10 in one period of 10 seconds."""
        wanted = {
            "Namespace": self.name,
            "MetricName": "m",
            "Statistic": "Maximum",
            "Period": 10,
            "EvaluationPeriods": 1,
            "Threshold": 10,
            "ComparisonOperator": "GreaterThanThreshold",
            **settings,
        }
        given = {key: value for key, value in wanted.items() if value is not None}
        self.cloudwatch.put_metric_alarm(AlarmName=name, **given)

    def state(self, name: str) -> dict[str, Any]:
        """An alarm as it is told."""
        kinds = ["MetricAlarm", "CompositeAlarm"]
        found = self.cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=kinds)
        (one,) = found["MetricAlarms"] + found["CompositeAlarms"]
        return dict(one)

    def becomes(self, name: str, state: str) -> dict[str, Any]:
        """Wait until an alarm is in a state, and return it as it is told."""
        return until(lambda: found if (found := self.state(name))["StateValue"] == state else None)

    def history(self, name: str, kind: str) -> list[str]:
        """The summaries of what happened to an alarm, the oldest first."""
        found = self.cloudwatch.describe_alarm_history(
            AlarmName=name, HistoryItemType=kind, ScanBy="TimestampAscending"
        )
        return [item["HistorySummary"] for item in found["AlarmHistoryItems"]]

    def queue(self, name: str, service: str) -> tuple[str, str]:
        """Make a queue that a service may send to; return its URL and ARN."""
        sqs = self.client("sqs")
        arn = f"arn:aws:sqs:{self.session.region_name}:{self.account}:{name}"
        policy = allowing(service, "sqs:SendMessage", arn)
        url = sqs.create_queue(QueueName=name, Attributes={"Policy": policy})["QueueUrl"]
        return url, arn

    def message(self, url: str) -> dict[str, Any]:
        """Wait for the next message of a queue."""

        def received() -> dict[str, Any] | None:
            found = self.client("sqs").receive_message(QueueUrl=url).get("Messages")
            return json.loads(found[0]["Body"]) if found else None

        return until(received)


def allowing(service: str, action: str, resource: str) -> str:
    """A resource policy that lets a service in."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": action,
        "Resource": resource,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def until(look: Callable[[], Any]) -> Any:
    """Look again and again until there is something; a minute must do."""
    for _ in range(600):
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("nothing came of it")

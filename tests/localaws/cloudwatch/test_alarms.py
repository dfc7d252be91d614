"""Alarms as clients see them: made, evaluated, changed, told of."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from watched import Watched, allowing, until


def recently(watched: Watched, value: float, metric: str = "m") -> None:
    """Put a value into each of the last periods of ten seconds that are over."""
    now = time.time()
    for back in (13, 23, 33):
        watched.put(metric, Value=value, Timestamp=now - back, StorageResolution=1)


def test_an_alarm_is_evaluated_when_it_is_made_and_again(watched: Watched) -> None:
    recently(watched, 50)
    watched.alarm(watched.name)
    told = watched.becomes(watched.name, "ALARM")
    assert "was greater than the threshold (10.0)" in told["StateReason"]
    assert json.loads(told["StateReasonData"])["recentDatapoints"] == [50]
    watched.alarm(watched.name, Threshold=99)
    told = watched.becomes(watched.name, "OK")
    assert "was not greater than the threshold (99.0)" in told["StateReason"]
    assert watched.history(watched.name, "StateUpdate") == [
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
        "Alarm updated from ALARM to OK",
    ]
    assert watched.history(watched.name, "ConfigurationUpdate") == [
        f'Alarm "{watched.name}" created',
        f'Alarm "{watched.name}" updated',
    ]


def test_a_value_that_comes_later_raises_an_alarm_by_itself(watched: Watched) -> None:
    watched.alarm(watched.name, TreatMissingData="notBreaching")
    watched.becomes(watched.name, "OK")
    watched.put("m", Value=50, StorageResolution=1)
    watched.becomes(watched.name, "ALARM")


def test_a_state_set_by_hand_goes_with_the_next_look(watched: Watched) -> None:
    watched.alarm(watched.name, TreatMissingData="notBreaching")
    watched.becomes(watched.name, "OK")
    watched.cloudwatch.set_alarm_state(
        AlarmName=watched.name, StateValue="ALARM", StateReason="to try it"
    )
    assert watched.state(watched.name)["StateReason"] == "to try it"
    other = f"{watched.name}-other"
    watched.alarm(other, TreatMissingData="notBreaching")
    before = watched.becomes(other, "OK")
    watched.cloudwatch.set_alarm_state(AlarmName=other, StateValue="OK", StateReason="fine")
    told = watched.state(other)
    assert told["StateReason"] == "fine"
    assert told["StateUpdatedTimestamp"] > before["StateUpdatedTimestamp"]
    assert told["StateTransitionedTimestamp"] == before["StateTransitionedTimestamp"]
    watched.becomes(watched.name, "OK")
    assert until(lambda: watched.state(other)["StateReason"] != "fine")
    assert watched.history(other, "StateUpdate") == [
        "Alarm updated from INSUFFICIENT_DATA to OK",
    ]


KINDS: list[tuple[str, dict[str, Any]]] = [
    ("OK", {"Threshold": 50}),
    ("ALARM", {"Threshold": 50, "ComparisonOperator": "GreaterThanOrEqualToThreshold"}),
    ("ALARM", {"Threshold": 51, "ComparisonOperator": "LessThanThreshold"}),
    ("ALARM", {"Threshold": 50, "ComparisonOperator": "LessThanOrEqualToThreshold"}),
    ("ALARM", {"EvaluationPeriods": 3, "DatapointsToAlarm": 2}),
    ("ALARM", {"Statistic": None, "ExtendedStatistic": "p90"}),
    ("INSUFFICIENT_DATA", {"MetricName": "other"}),
    ("ALARM", {"MetricName": "other", "TreatMissingData": "breaching"}),
    ("OK", {"MetricName": "other", "TreatMissingData": "notBreaching"}),
    ("INSUFFICIENT_DATA", {"Unit": "Seconds"}),
    (
        "INSUFFICIENT_DATA",
        {
            "Statistic": None,
            "ExtendedStatistic": "p90",
            "EvaluateLowSampleCountPercentile": "ignore",
        },
    ),
]


def test_kinds_of_alarms(watched: Watched) -> None:
    recently(watched, 50)
    for number, (_, settings) in enumerate(KINDS):
        watched.alarm(f"{watched.name}-{number}", **settings)
    for number, (state, _) in enumerate(KINDS):
        watched.becomes(f"{watched.name}-{number}", state)


def test_an_alarm_on_metric_math(watched: Watched) -> None:
    recently(watched, 50, "calls")
    recently(watched, 1, "errors")

    def rate(limit: float) -> None:
        metrics = [
            {"Id": name, "ReturnData": False, "MetricStat": stat(name)}
            for name in ("calls", "errors")
        ]
        shown = {"Id": "rate", "Expression": "100 * errors / calls", "ReturnData": True}
        settings = dict.fromkeys(("Namespace", "MetricName", "Statistic", "Period"))
        watched.alarm(watched.name, Metrics=[*metrics, shown], Threshold=limit, **settings)

    def stat(name: str) -> dict[str, Any]:
        metric = {"Namespace": watched.name, "MetricName": name}
        return {"Metric": metric, "Period": 10, "Stat": "Sum"}

    rate(1)
    assert "[2.0 (" in watched.becomes(watched.name, "ALARM")["StateReason"]
    rate(3)
    watched.becomes(watched.name, "OK")
    found = watched.cloudwatch.describe_alarms_for_metric(
        Namespace=watched.name, MetricName="errors"
    )["MetricAlarms"]
    assert [alarm["AlarmName"] for alarm in found] == [watched.name]


def test_composite_alarms_follow_their_rule(watched: Watched) -> None:
    one, two, both, above = (f"{watched.name}-{name}" for name in ("one", "two", "both", "above"))
    recently(watched, 50)
    watched.alarm(one)
    watched.alarm(two, Threshold=99)
    put = watched.cloudwatch.put_composite_alarm
    put(AlarmName=both, AlarmRule=f'ALARM("{one}") AND NOT OK({two})')
    put(AlarmName=above, AlarmRule=f"ALARM({both}) OR (false AND TRUE)")
    watched.becomes(above, "OK")
    watched.alarm(two, Threshold=9)
    told = watched.becomes(above, "ALARM")
    assert f"alarm:{both} transitioned to ALARM" in told["StateReason"]
    children = watched.cloudwatch.describe_alarms(ChildrenOfAlarmName=both)["MetricAlarms"]
    assert sorted(alarm["AlarmName"] for alarm in children) == [one, two]
    parents = watched.cloudwatch.describe_alarms(ParentsOfAlarmName=both)["CompositeAlarms"]
    assert [alarm["AlarmName"] for alarm in parents] == [above]
    for rule, words in (
        ("ALARM(nobody)", "do not exist"),
        ("ALARM(x", "cannot be read"),
        (f"AT_LEAST(1, ALARM, ({one}))", "AT_LEAST"),
        (f"ALARM({above})", "depend on itself"),
    ):
        with pytest.raises(ClientError, match=words):
            put(AlarmName=both, AlarmRule=rule)
    watched.cloudwatch.set_alarm_state(AlarmName=both, StateValue="OK", StateReason="by hand")
    watched.becomes(above, "OK")
    assert watched.state(both)["StateReason"] == "by hand", "until a child changes"
    watched.alarm(two, Threshold=99)
    watched.becomes(two, "OK")
    watched.alarm(two, Threshold=9)
    watched.becomes(above, "ALARM")
    delete = watched.cloudwatch.delete_alarms
    for names, words in (
        ([both], f"Cannot delete {both} as there are composite alarm.s. depending on it"),
        ([one, two], f"Cannot delete {one},{two} as there are .* depending on them"),
    ):
        with pytest.raises(ClientError, match=words) as caught:
            delete(AlarmNames=names)
        assert caught.value.response["Error"]["Code"] == "ValidationError"
    for names in ([above], [one, both], [two]):
        delete(AlarmNames=names)


def test_a_change_reaches_bus_and_topic(watched: Watched, unique: Callable[[str], str]) -> None:
    name = watched.name
    on_bus, bus_arn = watched.queue(unique("bus"), "events.amazonaws.com")
    pattern = {"source": ["aws.cloudwatch"], "detail": {"alarmName": [name]}}
    pattern["detail-type"] = ["CloudWatch Alarm State Change"]
    events = watched.client("events")
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, Targets=[{"Id": "q", "Arn": bus_arn}])
    sns = watched.client("sns")
    at_topic, queue_arn = watched.queue(unique("topic"), "sns.amazonaws.com")
    topic = sns.create_topic(Name=name)["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    closed = sns.create_topic(Name=f"{name}-closed")["TopicArn"]
    policy = allowing("events.amazonaws.com", "sns:Publish", closed)
    sns.set_topic_attributes(TopicArn=closed, AttributeName="Policy", AttributeValue=policy)
    recently(watched, 50)
    watched.alarm(name, AlarmActions=[topic, closed], AlarmDescription="too high")

    event = watched.message(on_bus)
    assert event["resources"] == [watched.state(name)["AlarmArn"]]
    assert event["detail"]["previousState"]["value"] == "INSUFFICIENT_DATA"
    assert event["detail"]["state"]["value"] == "ALARM"
    stat = event["detail"]["configuration"]["metrics"][0]["metricStat"]
    assert stat["metric"] == {"dimensions": {}, "name": "m", "namespace": name}
    notice = watched.message(at_topic)
    assert notice["Subject"] == f'ALARM: "{name}" in EU (Ireland)'
    sent = json.loads(notice["Message"])
    assert (sent["AlarmName"], sent["NewStateValue"]) == (name, "ALARM")
    assert sent["Region"] == "EU (Ireland)"
    assert sent["NewStateReason"].startswith("Threshold Crossed: 1 datapoint [50.0 (")
    assert sent["NewStateReason"].endswith(")] was greater than the threshold (10.0).")
    assert sent["Trigger"] == {
        "MetricName": "m",
        "Namespace": name,
        "StatisticType": "Statistic",
        "Statistic": "MAXIMUM",
        "Unit": None,
        "Dimensions": [],
        "Period": 10,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 10.0,
        "TreatMissingData": "missing",
        "EvaluateLowSampleCountPercentile": "",
    }
    done = watched.history(name, "Action")
    assert f"Successfully executed action {topic}" in done
    assert any(text.startswith(f"Failed to execute action {closed}") for text in done)


def test_actions_that_are_off_are_not_taken(watched: Watched) -> None:
    topic = watched.client("sns").create_topic(Name=watched.name)["TopicArn"]
    recently(watched, 50)
    watched.alarm(watched.name, AlarmActions=[topic], OKActions=[topic], ActionsEnabled=False)
    watched.becomes(watched.name, "ALARM")
    watched.cloudwatch.enable_alarm_actions(AlarmNames=[watched.name])
    watched.alarm(watched.name, AlarmActions=[topic], OKActions=[topic], Threshold=99)
    watched.becomes(watched.name, "OK")
    watched.cloudwatch.disable_alarm_actions(AlarmNames=[watched.name])
    assert watched.state(watched.name)["ActionsEnabled"] is False
    assert len(watched.history(watched.name, "Action")) <= 1


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("MissingParameter", {"EvaluationPeriods": None}),
    ("MissingParameter", {"Threshold": None}),
    ("MissingParameter", {"Period": None}),
    ("InvalidParameterCombination", {"ExtendedStatistic": "p90"}),
    ("InvalidParameterCombination", {"EvaluateLowSampleCountPercentile": "ignore"}),
    ("ValidationError", {"Period": 15}),
    ("ValidationError", {"Period": 5}),
    ("ValidationError", {"Period": 300, "EvaluationPeriods": 289}),
    ("ValidationError", {"DatapointsToAlarm": 2}),
    ("ValidationError", {"TreatMissingData": "maybe"}),
    ("ValidationError", {"AlarmActions": ["arn:aws:lambda:eu-west-1:111122223333:function:f"]}),
    ("ValidationError", {"ComparisonOperator": "GreaterThanUpperThreshold"}),
    ("ValidationError", {"ThresholdMetricId": "x"}),
    ("ValidationError", {"Statistic": None, "ExtendedStatistic": "p900"}),
]


@pytest.mark.parametrize(("code", "settings"), WRONG)
def test_wrong_alarms(watched: Watched, code: str, settings: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as caught:
        watched.alarm(watched.name, **settings)
    assert caught.value.response["Error"]["Code"] == code


def test_alarms_are_listed_tagged_and_deleted(watched: Watched) -> None:
    names = [f"{watched.name}-{word}" for word in ("one", "two", "über")]
    for name in names:
        watched.alarm(name, Tags=[{"Key": "team", "Value": "a"}])
    client = watched.cloudwatch
    found = client.describe_alarms(AlarmNamePrefix=watched.name, MaxRecords=2)
    rest = client.describe_alarms(AlarmNamePrefix=watched.name, NextToken=found["NextToken"])
    listed = found["MetricAlarms"] + rest["MetricAlarms"]
    assert [alarm["AlarmName"] for alarm in listed] == names
    arn = listed[0]["AlarmArn"]
    client.tag_resource(ResourceARN=arn, Tags=[{"Key": "stage", "Value": "uat"}])
    client.untag_resource(ResourceARN=arn, TagKeys=["team"])
    tags = client.list_tags_for_resource(ResourceARN=arn)["Tags"]
    assert tags == [{"Key": "stage", "Value": "uat"}]
    with pytest.raises(client.exceptions.ResourceNotFound):
        client.delete_alarms(AlarmNames=["nobody"])
    client.delete_alarms(AlarmNames=[*names, "nobody"])
    assert client.describe_alarms(AlarmNamePrefix=watched.name)["MetricAlarms"] == []
    assert watched.history(names[0], "ConfigurationUpdate")[-1] == f'Alarm "{names[0]}" deleted'

"""Metrics as clients put and read them."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from watched import Watched

NOW = int(time.time()) // 300 * 300 - 600
"""A round moment that is over."""


def at(seconds: float) -> datetime:
    """A moment, seconds after `NOW`."""
    return datetime.fromtimestamp(NOW + seconds, UTC)


def stats(watched: Watched, metric: str, **more: Any) -> list[dict[str, Any]]:
    """GetMetricStatistics of the 300 seconds from `NOW` on, in the order of time."""
    wanted = {"Statistics": ["Sum"]} if "ExtendedStatistics" not in more else {}
    found = watched.cloudwatch.get_metric_statistics(
        **{
            "Namespace": watched.name,
            "MetricName": metric,
            "StartTime": at(0),
            "EndTime": at(300),
            "Period": 60,
            **wanted,
            **more,
        }
    )
    return sorted(found["Datapoints"], key=lambda point: point["Timestamp"])


def data(watched: Watched, *queries: dict[str, Any], **more: Any) -> dict[str, Any]:
    """GetMetricData of the same time."""
    wanted = {"StartTime": at(0), "EndTime": at(300), "ScanBy": "TimestampAscending", **more}
    return dict(watched.cloudwatch.get_metric_data(MetricDataQueries=list(queries), **wanted))


def query(watched: Watched, name: str, metric: str, **more: Any) -> dict[str, Any]:
    """A query of a metric's sums."""
    stat = {
        "Metric": {"Namespace": watched.name, "MetricName": metric},
        "Period": 60,
        "Stat": "Sum",
    }
    return {"Id": name, "MetricStat": {**stat, **more}}


def test_every_form_counts(watched: Watched) -> None:
    watched.put("m", Value=3, Timestamp=at(5))
    watched.put("m", Values=[1.0, 2.0], Counts=[2.0, 3.0], Timestamp=at(50))
    some = {"SampleCount": 4, "Sum": 40, "Minimum": 5, "Maximum": 20}
    watched.put("m", StatisticValues=some, Timestamp=at(70))
    names = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"]
    first, second = stats(watched, "m", Statistics=names)
    assert {name: first[name] for name in names} == {
        "SampleCount": 6,
        "Average": pytest.approx(11 / 6),
        "Sum": 11,
        "Minimum": 1,
        "Maximum": 3,
    }
    assert (first["Timestamp"], first["Unit"]) == (at(0), "None")
    assert (second["Timestamp"], second["Sum"], second["Average"]) == (at(60), 40, 10)


def test_dimensions_and_units_are_kept_apart(watched: Watched) -> None:
    here, there = ([{"Name": "Variant", "Value": value}] for value in ("a", "b"))
    watched.put("m", Value=1, Unit="Seconds", Timestamp=at(0), Dimensions=here)
    watched.put("m", Value=2, Unit="Count", Timestamp=at(0), Dimensions=here)
    watched.put("m", Value=4, Unit="Seconds", Timestamp=at(0), Dimensions=there)
    assert stats(watched, "m") == []
    found = stats(watched, "m", Dimensions=here)
    assert {(point["Unit"], point["Sum"]) for point in found} == {("Seconds", 1), ("Count", 2)}
    assert [point["Sum"] for point in stats(watched, "m", Dimensions=here, Unit="Count")] == [2]
    listed = watched.cloudwatch.list_metrics(
        Namespace=watched.name, Dimensions=[{"Name": "Variant", "Value": "b"}]
    )["Metrics"]
    assert [metric["Dimensions"] for metric in listed] == [there]


def test_high_resolution_is_read_by_the_second(watched: Watched) -> None:
    for second in (0, 1, 7, 12):
        watched.put("fine", Value=1, Timestamp=at(second), StorageResolution=1)
        watched.put("coarse", Value=1, Timestamp=at(second))
    assert [point["Sum"] for point in stats(watched, "fine", Period=5)] == [2, 1, 1]
    assert [point["Sum"] for point in stats(watched, "fine", Period=10)] == [3, 1]
    assert stats(watched, "coarse", Period=10) == []
    assert [point["Sum"] for point in stats(watched, "fine")] == [4]


def test_percentiles(watched: Watched) -> None:
    watched.put("m", Values=[float(n) for n in range(1, 101)], Timestamp=at(0))
    (point,) = stats(watched, "m", ExtendedStatistics=["p50", "p99", "tm90"])
    assert point["ExtendedStatistics"] == {"p50": 50, "p99": 99, "tm90": pytest.approx(45.5)}


def test_metric_math(watched: Watched) -> None:
    for minute, errors in ((0, 1), (1, 5)):
        watched.put("calls", Value=100, Timestamp=at(60 * minute))
        watched.put("errors", Value=errors, Timestamp=at(60 * minute))
    watched.put("calls", Value=100, Timestamp=at(120))
    found = data(
        watched,
        {**query(watched, "calls", "calls"), "ReturnData": False},
        {**query(watched, "errors", "errors"), "ReturnData": False},
        {"Id": "rate", "Expression": "100 * FILL(errors, 0) / calls", "Label": "error rate"},
    )["MetricDataResults"]
    assert [(one["Id"], one["Label"], one["Values"]) for one in found] == [
        ("rate", "error rate", [1, 5, 0])
    ]


def test_pages_of_data(watched: Watched) -> None:
    for minute in range(5):
        watched.put("m", Value=minute, Timestamp=at(60 * minute))
    queries = [query(watched, "a", "m"), query(watched, "b", "m")]
    values: dict[str, list[float]] = {"a": [], "b": []}
    token: dict[str, str] = {}
    for _ in range(4):
        answer = data(watched, *queries, MaxDatapoints=3, **token)
        for result in answer["MetricDataResults"]:
            values[result["Id"]] += result["Values"]
        token = {"NextToken": answer.get("NextToken", "")}
    assert token == {"NextToken": ""}
    assert values == {"a": [0, 1, 2, 3, 4], "b": [0, 1, 2, 3, 4]}


def test_a_thousand_metrics_in_one_compressed_request(watched: Watched) -> None:
    many = [
        {"MetricName": "m", "Value": n, "Dimensions": [{"Name": "n", "Value": str(n)}]}
        for n in range(1000)
    ]
    watched.cloudwatch.put_metric_data(Namespace=watched.name, MetricData=many)
    pages = watched.cloudwatch.get_paginator("list_metrics").paginate(Namespace=watched.name)
    assert sum(len(page["Metrics"]) for page in pages) == 1000
    refused(watched, "InvalidParameterValue", [*many, many[0]])


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("MissingParameter", {}),
    ("InvalidParameterCombination", {"Value": 1, "Values": [1.0]}),
    ("InvalidParameterCombination", {"Value": 1, "Counts": [1.0]}),
    ("InvalidParameterValue", {"Values": [1.0, 2.0], "Counts": [1.0]}),
    ("InvalidParameterValue", {"Values": [float(n) for n in range(151)]}),
    ("InvalidParameterValue", {"Value": 1e200}),
    ("InvalidParameterValue", {"Value": 1, "StorageResolution": 30}),
    ("InvalidParameterValue", {"Value": 1, "Timestamp": at(-15 * 86400)}),
    ("InvalidParameterValue", {"Value": 1, "Timestamp": at(3 * 3600)}),
    ("ValidationError", {"Value": 1, "Unit": "Furlongs"}),
    ("InvalidParameterValue", {"Value": 1, "Dimensions": [{"Name": "a", "Value": "x"}] * 2}),
]


def refused(watched: Watched, code: str, members: list[dict[str, Any]], name: str = "") -> None:
    """A put that must be refused."""
    with pytest.raises(ClientError) as caught:
        watched.cloudwatch.put_metric_data(Namespace=name or watched.name, MetricData=members)
    assert caught.value.response["Error"]["Code"] == code


@pytest.mark.parametrize(("code", "datum"), REFUSED)
def test_wrong_data_is_refused_whole(watched: Watched, code: str, datum: dict[str, Any]) -> None:
    good = {"MetricName": "good", "Value": 1, "Timestamp": at(0)}
    refused(watched, code, [good, {"MetricName": "bad", **datum}])
    assert stats(watched, "good") == []


def test_reserved_namespaces_are_the_services(watched: Watched) -> None:
    refused(watched, "InvalidParameterValue", [{"MetricName": "m", "Value": 1}], "AWS/SageMaker")
    watched.cloudwatch.put_metric_data(
        Namespace="/aws/sagemaker/TrainingJobs", MetricData=[{"MetricName": "m", "Value": 1}]
    )


def test_wrong_questions(watched: Watched) -> None:
    questions: list[tuple[str, Any]] = [
        ("ValidationError", lambda: stats(watched, "m", EndTime=at(0))),
        ("ValidationError", lambda: stats(watched, "m", Period=61)),
        ("InvalidParameterCombination", lambda: stats(watched, "m", StartTime=at(-86400 * 5))),
        ("InvalidParameterValue", lambda: stats(watched, "m", ExtendedStatistics=["p101"])),
        ("ValidationError", lambda: data(watched, {"Id": "Upper", "Expression": "1"})),
        ("ValidationError", lambda: data(watched, {"Id": "a", "Expression": "b + 1"})),
        ("ValidationError", lambda: data(watched, {"Id": "a", "Expression": "a + 1"})),
        ("ValidationError", lambda: data(watched, {"Id": "a", "Expression": "1 + 1"})),
        ("ValidationError", lambda: data(watched, {"Id": "a", "Expression": "SEARCH('x')"})),
        ("ValidationError", lambda: data(watched, query(watched, "a", "m", Stat="median"))),
        ("InvalidNextToken", lambda: data(watched, query(watched, "a", "m"), NextToken="x")),
    ]
    for code, ask in questions:
        with pytest.raises(ClientError) as caught:
            ask()
        assert caught.value.response["Error"]["Code"] == code


def test_what_is_not_there_says_so(watched: Watched) -> None:
    with pytest.raises(ClientError, match="cloudwatch:PutAnomalyDetector"):
        watched.cloudwatch.put_anomaly_detector(
            Namespace=watched.name, MetricName="m", Stat="Average"
        )
    watched.cloudwatch.put_dashboard(DashboardName=watched.name, DashboardBody='{"widgets": []}')
    assert watched.cloudwatch.get_dashboard(DashboardName=watched.name)["DashboardName"]

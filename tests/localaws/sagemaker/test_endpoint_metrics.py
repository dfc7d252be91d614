"""Every invocation is counted in CloudWatch, by variant and by fleet."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError
from endpoint_site import Site


@pytest.fixture
def site(studio, unique):
    made = Site(studio, unique)
    yield made
    for name in made.made:
        made.settled(name)
        studio.sagemaker.delete_endpoint(EndpointName=name)


def statistics(site, namespace, metric, *statistics, **dimensions):
    now = datetime.now(UTC)
    answer = site.studio.client("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName=metric,
        Dimensions=[{"Name": k, "Value": v} for k, v in dimensions.items()],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(hours=1),
        Period=7200,
        Statistics=list(statistics),
    )
    return answer["Datapoints"]


def published(site, count, **dimensions):
    """Wait until so many invocations are counted."""
    for _ in range(200):
        found = statistics(site, "AWS/SageMaker", "Invocations", "Sum", **dimensions)
        if sum(point["Sum"] for point in found) == count:
            return
        time.sleep(0.1)
    raise AssertionError(found)


def total(site, metric, what="Sum", **dimensions):
    return sum(p[what] for p in statistics(site, "AWS/SageMaker", metric, what, **dimensions))


def test_invocations_errors_and_latencies_are_counted(site):
    config = site.config("blue", count=2, environment={"SLOW": "0.02"})
    name = site.endpoint(config)
    assert site.colours(name, 4) == {"blue": 4}
    runtime = site.studio.client("sagemaker-runtime")
    with pytest.raises(ClientError):
        runtime.invoke_endpoint(EndpointName=name, Body=b"five")
    whole = {"EndpointName": name, "VariantName": "all"}
    for dimensions in (whole, {**whole, "EndpointConfigName": config}):
        published(site, 5, **dimensions)
        assert total(site, "InvocationsPerInstance", **dimensions) == 2.5
        assert total(site, "Invocation4XXErrors", **dimensions) == 1
        assert total(site, "Invocation4XXErrors", "SampleCount", **dimensions) == 5
        assert total(site, "Invocation5XXErrors", **dimensions) == 0
        assert total(site, "InvocationModelErrors", **dimensions) == 1
        [point] = statistics(
            site, "AWS/SageMaker", "ModelLatency", "Minimum", "SampleCount", **dimensions
        )
        assert point["Minimum"] >= 20_000
        assert (point["SampleCount"], point["Unit"]) == (5, "Microseconds")
        assert total(site, "OverheadLatency", "SampleCount", **dimensions) == 5


def test_use_of_the_machine_is_published(site):
    name = site.endpoint(site.config("blue"))
    dimensions = {"EndpointName": name, "VariantName": "all"}
    for metric in ("CPUUtilization", "MemoryUtilization"):
        for _ in range(200):
            found = statistics(site, "/aws/sagemaker/Endpoints", metric, "Maximum", **dimensions)
            if found:
                break
            time.sleep(0.1)
        assert found[0]["Unit"] == "Percent"
    assert found[0]["Maximum"] > 0


def test_nobody_else_puts_metrics_of_the_service(site):
    with pytest.raises(ClientError, match="AWS/"):
        site.studio.client("cloudwatch").put_metric_data(
            Namespace="AWS/SageMaker", MetricData=[{"MetricName": "Invocations", "Value": 1}]
        )

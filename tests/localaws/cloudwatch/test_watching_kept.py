"""Who may put, read and watch metrics; what survives a kill; aws-cli and the query protocol."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from signed_wire import Call, Key, send, signed
from watched import Watched, until


def policy(action: str | list[str], resource: str = "*", **condition: Any) -> dict[str, Any]:
    """A policy of one statement."""
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    if condition:
        statement["Condition"] = condition["condition"]
    return {"Version": "2012-10-17", "Statement": [statement]}


def denied(call: Callable[[], Any]) -> None:
    """A call that must be denied."""
    with pytest.raises(ClientError) as caught:
        call()
    assert caught.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")


def test_a_namespace_is_a_condition(watched: Watched) -> None:
    own = {"StringEquals": {"cloudwatch:namespace": watched.name}}
    arn = watched.local.role(
        watched.account, watched.name, policy("cloudwatch:PutMetricData", condition=own)
    )
    client = watched.local.client("cloudwatch", watched.local.assume(arn))
    data = [{"MetricName": "m", "Value": 1}]
    client.put_metric_data(Namespace=watched.name, MetricData=data)
    denied(lambda: client.put_metric_data(Namespace="other", MetricData=data))
    denied(lambda: client.list_metrics())


def test_alarms_are_granted_by_name(watched: Watched) -> None:
    mine = f"arn:aws:cloudwatch:eu-west-1:{watched.account}:alarm:{watched.name}-*"
    actions = [
        f"cloudwatch:{name}"
        for name in ("PutMetricAlarm", "DescribeAlarms", "DeleteAlarms", "SetAlarmState")
    ]
    arn = watched.local.role(watched.account, watched.name, policy(actions, mine))
    client = watched.local.client("cloudwatch", watched.local.assume(arn))
    watched.alarm("somebody-elses")
    one = f"{watched.name}-one"
    settings = {
        **{"Namespace": "n", "MetricName": "m", "Period": 60, "EvaluationPeriods": 1},
        **{"Statistic": "Sum", "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold"},
    }
    client.put_metric_alarm(AlarmName=one, **settings)
    client.set_alarm_state(AlarmName=one, StateValue="ALARM", StateReason="x")
    assert client.describe_alarms(AlarmNames=[one])["MetricAlarms"][0]["StateValue"] == "ALARM"
    denied(lambda: client.put_metric_alarm(AlarmName="somebody-elses", **settings))
    denied(lambda: client.delete_alarms(AlarmNames=[one, "somebody-elses"]))
    denied(lambda: client.describe_alarms(AlarmNames=["somebody-elses"]))
    denied(lambda: client.describe_alarms())
    denied(lambda: client.disable_alarm_actions(AlarmNames=[one]))
    client.delete_alarms(AlarmNames=[one])


def test_a_kill_loses_nothing_that_is_a_second_old(
    launch: Callable[..., Any], tmp_path: Path
) -> None:
    running = launch(tmp_path, "--port", "0")
    account = running.local.account("data-science")
    watched = Watched(running.local, account, running.local.administrator(account), "kept")
    now = time.time()
    for back in (13, 23, 33):
        watched.put("m", Value=50, Timestamp=now - back, StorageResolution=1)
    # Long looks: what is there after the start was there before it.
    watched.alarm("kept", Period=60, TreatMissingData="ignore")
    watched.cloudwatch.set_alarm_state(AlarmName="kept", StateValue="ALARM", StateReason="by hand")
    until(lambda: watched.history("kept", "StateUpdate"))
    time.sleep(2.5)
    running.kill()

    again = launch(tmp_path, "--port", "0").local
    watched = Watched(again, account, again.administrator(account), "kept")
    found = watched.cloudwatch.get_metric_statistics(
        **{"Namespace": "kept", "MetricName": "m", "StartTime": now - 120, "EndTime": now + 60},
        **{"Period": 60, "Statistics": ["SampleCount"]},
    )["Datapoints"]
    assert sum(point["SampleCount"] for point in found) == 3
    listed = watched.cloudwatch.list_metrics(Namespace="kept")["Metrics"]
    assert [metric["MetricName"] for metric in listed] == ["m"]
    assert watched.state("kept")["StateValue"] in ("ALARM", "OK")
    assert watched.history("kept", "StateUpdate")[0].endswith("to ALARM")
    assert watched.history("kept", "ConfigurationUpdate") == ['Alarm "kept" created']


def _environment(watched: Watched, tmp_path: Path) -> dict[str, str]:
    frozen = watched.session.get_credentials().get_frozen_credentials()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **kept,
        "AWS_ACCESS_KEY_ID": frozen.access_key,
        "AWS_SECRET_ACCESS_KEY": frozen.secret_key,
        "AWS_SESSION_TOKEN": frozen.token,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": watched.local.endpoint,
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def test_aws_cli_puts_and_reads(watched: Watched, tmp_path: Path) -> None:
    def aws(*words: str) -> str:
        done = subprocess.run(
            [str(Path(sys.executable).with_name("aws")), "cloudwatch", *words],
            env=_environment(watched, tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    metric = ("--namespace", watched.name, "--metric-name", "m")
    aws("put-metric-data", *metric, "--value", "7", "--dimensions", "Variant=live")
    times = ("--start-time", "2020-01-01T00:00:00Z", "--end-time", "2030-01-01T00:00:00Z")
    told = aws(
        *("get-metric-statistics", *metric, *times, "--period", "86400", "--statistics", "Sum"),
        *("--dimensions", "Name=Variant,Value=live", "--start-time", f"{time.time() - 3600:.0f}"),
        *("--end-time", f"{time.time() + 60:.0f}"),
    )
    assert json.loads(told)["Datapoints"][0]["Sum"] == 7


def test_the_query_protocol(watched: Watched) -> None:
    frozen = watched.session.get_credentials().get_frozen_credentials()
    key = Key(frozen.access_key, frozen.secret_key, frozen.token)
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    def ask(body: str) -> Any:
        call = Call("monitoring", "POST", headers=form, body=f"Version=2010-08-01&{body}".encode())
        return send(watched.local.endpoint, signed(call, key, watched.local.endpoint))

    datum = "MetricData.member.1.MetricName=m&MetricData.member.1.Value=7"
    done = ask(f"Action=PutMetricData&Namespace={watched.name}&{datum}")
    assert done.status == 200, done.text
    listed = ask(f"Action=ListMetrics&Namespace={watched.name}")
    assert "<MetricName>m</MetricName>" in listed.text
    wrong = ask(f"Action=PutMetricData&Namespace=AWS/X&{datum}")
    assert (wrong.status, "<Code>InvalidParameterValue</Code>" in wrong.text) == (400, True)


def test_compressed_bodies_that_are_not_what_they_say(watched: Watched) -> None:
    frozen = watched.session.get_credentials().get_frozen_credentials()
    key = Key(frozen.access_key, frozen.secret_key, frozen.token)
    document = {"Namespace": watched.name, "MetricData": [{"MetricName": "m", "Value": 1}]}
    good = gzip.compress(json.dumps(document).encode())

    def put(body: bytes) -> Any:
        headers = {
            "Content-Type": "application/x-amz-json-1.0",
            "Content-Encoding": "gzip",
            "X-Amz-Target": "GraniteServiceVersion20100801.PutMetricData",
        }
        call = Call("monitoring", "POST", headers=headers, body=body)
        return send(watched.local.endpoint, signed(call, key, watched.local.endpoint))

    assert put(good).status == 200
    assert (put(good[:-9]).status, put(b"not gzip").status) == (400, 400)
    assert put(gzip.compress(b" " * 20_000_000)).status == 413

"""Alarms on metrics, on what is computed from them, and on other alarms."""

from __future__ import annotations

from typing import Any

from .writing import resource


def watching(name: str) -> dict[str, Any]:
    def stat(metric: str) -> dict[str, Any]:
        named = {
            "Namespace": name,
            "MetricName": metric,
            "Dimensions": [{"Name": "Variant", "Value": "live"}],
        }
        return {
            "Id": metric,
            "MetricStat": {"Metric": named, "Period": 60, "Stat": "Sum"},
            "ReturnData": False,
        }

    rule = {"Fn::Sub": "ALARM(${Slow}) OR ALARM(${Errors})"}
    return {
        "Topic": resource("AWS::SNS::Topic"),
        "Slow": resource(
            "AWS::CloudWatch::Alarm",
            AlarmName=f"{name}-slow",
            AlarmDescription="too slow",
            Namespace=name,
            MetricName="latency",
            Dimensions=[{"Name": "Variant", "Value": "live"}],
            ExtendedStatistic="p99",
            EvaluateLowSampleCountPercentile="ignore",
            Period=60,
            EvaluationPeriods=2,
            DatapointsToAlarm=1,
            Threshold=500,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="notBreaching",
            AlarmActions=[{"Ref": "Topic"}],
            Tags=[{"Key": "a", "Value": "b"}],
        ),
        "Errors": resource(
            "AWS::CloudWatch::Alarm",
            Metrics=[
                stat("errors"),
                stat("calls"),
                {"Id": "rate", "Expression": "100 * errors / calls", "ReturnData": True},
            ],
            EvaluationPeriods=1,
            Threshold=1.5,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
        ),
        "Either": resource(
            "AWS::CloudWatch::CompositeAlarm",
            AlarmName=name,
            AlarmRule=rule,
            AlarmActions=[{"Ref": "Topic"}],
            ActionsEnabled=False,
        ),
    }

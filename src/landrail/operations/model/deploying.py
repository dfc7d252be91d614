"""How an endpoint takes a new version, written into the template of its stack: the steps in which
traffic moves, the alarms that send it back, instances and their scaling, and what is captured.

What it is comes from `deploy:` of the file, by `LANDRAIL_DEPLOY`. Only times are parameters:
staging moves over in the same steps under the same alarms, and waits for nothing; on the local AWS,
which has metrics by the second, alarms judge shorter periods, so that a short wait is long enough.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from landrail.handover import ALARMS, VARIANT
from landrail.operations.model.settings import Settings, Variable

Deploy = Mapping[str, Any]
Template = dict[str, Any]
_NOW = {"Ref": "EndpointName"}
_DIMENSION = "sagemaker:variant:DesiredInstanceCount"
_KINDS = {"all-at-once": "ALL_AT_ONCE", "canary": "CANARY", "linear": "LINEAR"}
_SIZES = {"canary": "CanarySize", "linear": "LinearStepSize"}
_CONFIG = "${EndpointConfig.EndpointConfigName}"
_MINUTE = 60


def deploy_of(settings: Settings) -> Deploy:
    """Return what the file says; nothing where a project was made before it could say it."""
    found: Deploy = json.loads(settings.environment.get(Variable.DEPLOY) or "{}")
    return found


def times(deploy: Deploy, *, production: bool, served: bool = False) -> dict[str, str]:
    """Return the parameters with the waiting times of a stage, and the period of its alarms. A
    version that has `served` there before needs no canary."""
    found = {
        "Bake": deploy.get("bake", 0) if production and not served else 0,
        "Keep": deploy.get("keep", 0) if production else 0,
        "Period": deploy.get("period", _MINUTE),
    }
    return {name: str(seconds) for name, seconds in found.items()}


def deployed(made: Template, deploy: Deploy) -> Template:
    """Return the template of an endpoint with what it says of deployments; as it is, where it says
    nothing."""
    if not deploy:
        return made
    found = deepcopy(made)
    resources = found["Resources"]
    config, endpoint = (resources[name]["Properties"] for name in ("EndpointConfig", "Endpoint"))
    config["ProductionVariants"][0]["InitialInstanceCount"] = deploy["instances"]
    alarms = _alarms(deploy)
    resources |= alarms
    endpoint["DeploymentConfig"] = _deployment(deploy, list(alarms))
    named = ("Bake", "Keep", *(("Period",) if alarms else ()))
    found["Parameters"] |= {name: {"Type": "Number"} for name in named}
    if "capture" in deploy:
        found["Parameters"]["CaptureBucket"] = {"Type": "String"}
        config["DataCaptureConfig"] = _capture(int(deploy["capture"]))
    if "autoscale" in deploy:
        resources |= _scaling(deploy["autoscale"])
        endpoint["RetainAllVariantProperties"] = True
        endpoint["ExcludeRetainedVariantProperties"] = [
            {"VariantPropertyType": kind} for kind in ("DesiredWeight", "DataCaptureConfig")
        ]
    return found


def _deployment(deploy: Deploy, alarms: list[str]) -> dict[str, Any]:
    kind = deploy["strategy"]
    routing: dict[str, Any] = {"Type": _KINDS[kind], "WaitIntervalInSeconds": {"Ref": "Bake"}}
    if kind in _SIZES:
        routing[_SIZES[kind]] = _size(deploy["share"])
    found: dict[str, Any] = {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": routing,
            "TerminationWaitInSeconds": {"Ref": "Keep"},
            "MaximumExecutionTimeoutInSeconds": deploy["limit"],
        }
    }
    if alarms:
        named = [{"AlarmName": {"Ref": name}} for name in alarms]
        found["AutoRollbackConfiguration"] = {"Alarms": named}
    return found


def _size(share: str) -> dict[str, Any]:
    if share.endswith("%"):
        return {"Type": "CAPACITY_PERCENT", "Value": int(float(share[:-1]))}
    return {"Type": "INSTANCE_COUNT", "Value": int(share)}


def _alarms(deploy: Deploy) -> dict[str, Any]:
    """The alarms on the instances of the new configuration alone: the old ones are none of its.

    Each configuration has alarms of its own name. One that went on under the same name would keep
    its state, so the alarm that a bad version raised would hold back what mends it.
    """
    found: dict[str, Any] = {}
    if "errors" in deploy:
        found["ErrorsAlarm"] = _alarm(
            "errors",
            {"MetricName": "Invocation5XXErrors", "Statistic": "Average"},
            deploy["errors"],
        )
    if "latency" in deploy:
        found["LatencyAlarm"] = _alarm(
            "latency", {"MetricName": "ModelLatency", "ExtendedStatistic": "p99"}, deploy["latency"]
        )
    return found


def _alarm(what: str, metric: Mapping[str, str], threshold: float) -> dict[str, Any]:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": {"Fn::Sub": f"{ALARMS}/${{EndpointName}}/{what}/{_CONFIG}"},
            "AlarmDescription": "Sends a new version back while traffic moves to it",
            "Namespace": "AWS/SageMaker",
            **metric,
            "Dimensions": [
                {"Name": "EndpointName", "Value": _NOW},
                {"Name": "VariantName", "Value": VARIANT},
                {"Name": "EndpointConfigName", "Value": {"Fn::Sub": _CONFIG}},
            ],
            "Period": {"Ref": "Period"},
            "EvaluationPeriods": 1,
            "Threshold": threshold,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
        },
    }


def _capture(percent: int) -> dict[str, Any]:
    return {
        "EnableCapture": True,
        "InitialSamplingPercentage": percent,
        "DestinationS3Uri": {"Fn::Sub": "s3://${CaptureBucket}/capture"},
        "KmsKeyId": {"Ref": "KmsKey"},
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {
            "CsvContentTypes": ["text/csv"],
            "JsonContentTypes": ["application/json"],
        },
    }


def _scaling(scale: Mapping[str, int]) -> dict[str, Any]:
    kind = "AWS::ApplicationAutoScaling"
    return {
        "ScalableTarget": {
            "Type": f"{kind}::ScalableTarget",
            "DependsOn": "Endpoint",
            "Properties": {
                "ServiceNamespace": "sagemaker",
                "ResourceId": {"Fn::Sub": f"endpoint/${{EndpointName}}/variant/{VARIANT}"},
                "ScalableDimension": _DIMENSION,
                "MinCapacity": scale["min"],
                "MaxCapacity": scale["max"],
            },
        },
        "ScalingPolicy": {
            "Type": f"{kind}::ScalingPolicy",
            "Properties": {
                "PolicyName": {"Fn::Sub": "${EndpointName}-invocations"},
                "PolicyType": "TargetTrackingScaling",
                "ScalingTargetId": {"Ref": "ScalableTarget"},
                "TargetTrackingScalingPolicyConfiguration": {
                    "TargetValue": scale["invocations"],
                    "PredefinedMetricSpecification": {
                        "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
                    },
                },
            },
        },
    }

"""SageMaker endpoint configurations: keys, instances, data capture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.inventory.ask import Ask
from landrail.inventory.describing import Described, last
from landrail.inventory.sagemaker import common
from landrail.inventory.table import Column, Row, Table, listed


def _row(ask: Ask, answer: Mapping[str, Any]) -> Row:
    variants = answer.get("ProductionVariants") or ()
    every = (*variants, *(answer.get("ShadowProductionVariants") or ()))
    on_instances = [variant for variant in variants if "InitialInstanceCount" in variant]
    capture = answer.get("DataCaptureConfig") or {}
    output = (answer.get("AsyncInferenceConfig") or {}).get("OutputConfig")
    return {
        **common(ask, answer, answer["EndpointConfigName"], answer["EndpointConfigArn"]),
        "kms_key": answer.get("KmsKeyId"),
        "instance_types": listed(v["InstanceType"] for v in every if v.get("InstanceType")),
        "fewest_instances": min((v["InitialInstanceCount"] for v in on_instances), default=None),
        "serverless": any("ServerlessConfig" in variant for variant in every),
        "captures_data": bool(capture.get("EnableCapture")),
        "capture_key": capture.get("KmsKeyId"),
        "asynchronous": output is not None,
        "output_key": (output or {}).get("KmsKeyId"),
        "network_isolation": bool(answer.get("EnableNetworkIsolation")),
    }


_READING = Described(
    service="sagemaker",
    list="ListEndpointConfigs",
    member="EndpointConfigs",
    name="EndpointConfigName",
    describe="DescribeEndpointConfig",
    name_of=last,
    row=_row,
)

TABLE = Table(
    name="sagemaker_endpoint_configs",
    resource_type="AWS::SageMaker::EndpointConfig",
    services=("sagemaker",),
    columns=(
        Column("kms_key", "text", "the KMS key of its instances' volumes"),
        Column("instance_types", "text", "the instances of its variants, each between commas"),
        Column("fewest_instances", "integer", "the instances of its smallest variant on instances"),
        Column("serverless", "boolean", "whether a variant has no instances"),
        Column("captures_data", "boolean", "whether requests and answers are captured"),
        Column("capture_key", "text", "the KMS key of what is captured"),
        Column("asynchronous", "boolean", "whether it answers into a bucket"),
        Column("output_key", "text", "the KMS key of what it answers there"),
        Column("network_isolation", "boolean", "whether models of it reach no network"),
    ),
    collect=_READING.collect,
    one=_READING.one,
    reads=(
        "sagemaker:DescribeEndpointConfig",
        "sagemaker:ListEndpointConfigs",
        "sagemaker:ListTags",
    ),
)

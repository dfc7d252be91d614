"""SageMaker endpoints: which configuration they run, and their tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.inventory.ask import Ask
from landrail.inventory.describing import Described, last
from landrail.inventory.sagemaker import common
from landrail.inventory.table import Column, Row, Table


def _row(ask: Ask, answer: Mapping[str, Any]) -> Row:
    capture = answer.get("DataCaptureConfig") or {}
    return {
        **common(ask, answer, answer["EndpointName"], answer["EndpointArn"]),
        "endpoint_config": answer.get("EndpointConfigName"),
        "status": answer.get("EndpointStatus"),
        "captures_data": bool(capture.get("EnableCapture")),
    }


_READING = Described(
    service="sagemaker",
    list="ListEndpoints",
    member="Endpoints",
    name="EndpointName",
    describe="DescribeEndpoint",
    name_of=last,
    row=_row,
)

TABLE = Table(
    name="sagemaker_endpoints",
    resource_type="AWS::SageMaker::Endpoint",
    services=("sagemaker",),
    columns=(
        Column("endpoint_config", "text", "the configuration that it runs"),
        Column("status", "text", "its status, as SageMaker says it"),
        Column("captures_data", "boolean", "whether requests and answers are captured"),
    ),
    collect=_READING.collect,
    one=_READING.one,
    reads=("sagemaker:DescribeEndpoint", "sagemaker:ListEndpoints", "sagemaker:ListTags"),
)

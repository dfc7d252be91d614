"""SageMaker inference experiments: the keys of what they keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.inventory.ask import Ask
from landrail.inventory.describing import Described
from landrail.inventory.sagemaker import common
from landrail.inventory.table import Column, Row, Table


def _row(ask: Ask, answer: Mapping[str, Any]) -> Row:
    storage = answer.get("DataStorageConfig")
    return {
        **common(ask, answer, answer["Name"], answer["Arn"], answer["Name"]),
        "stores_data": storage is not None,
        "data_key": (storage or {}).get("KmsKey"),
        "volume_key": answer.get("KmsKey"),
        "endpoint": (answer.get("EndpointMetadata") or {}).get("EndpointName"),
        "status": answer.get("Status"),
    }


_READING = Described(
    service="sagemaker",
    list="ListInferenceExperiments",
    member="InferenceExperiments",
    name="Name",
    describe="DescribeInferenceExperiment",
    row=_row,
)

TABLE = Table(
    name="sagemaker_inference_experiments",
    resource_type="AWS::SageMaker::InferenceExperiment",
    services=("sagemaker",),
    columns=(
        Column("stores_data", "boolean", "whether it keeps requests and answers"),
        Column("data_key", "text", "the KMS key of what it keeps"),
        Column("volume_key", "text", "the KMS key of its instances' volumes"),
        Column("endpoint", "text", "the endpoint that it runs on"),
        Column("status", "text", "its status, as SageMaker says it"),
    ),
    collect=_READING.collect,
    one=_READING.one,
    reads=(
        "sagemaker:DescribeInferenceExperiment",
        "sagemaker:ListInferenceExperiments",
        "sagemaker:ListTags",
    ),
)

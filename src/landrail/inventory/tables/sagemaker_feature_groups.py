"""SageMaker feature groups: the keys of their stores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.inventory.ask import Ask
from landrail.inventory.describing import Described
from landrail.inventory.sagemaker import common
from landrail.inventory.table import Column, Row, Table


def _row(ask: Ask, answer: Mapping[str, Any]) -> Row:
    name, arn = answer["FeatureGroupName"], answer["FeatureGroupArn"]
    offline = answer.get("OfflineStoreConfig")
    online = answer.get("OnlineStoreConfig") or {}
    return {
        **common(ask, answer, name, arn, name),
        "offline_store": offline is not None,
        "offline_key": ((offline or {}).get("S3StorageConfig") or {}).get("KmsKeyId"),
        "online_store": bool(online.get("EnableOnlineStore")),
        "online_storage": online.get("StorageType", "Standard"),
        "online_key": (online.get("SecurityConfig") or {}).get("KmsKeyId"),
        "role": answer.get("RoleArn"),
    }


_READING = Described(
    service="sagemaker",
    list="ListFeatureGroups",
    member="FeatureGroupSummaries",
    name="FeatureGroupName",
    describe="DescribeFeatureGroup",
    row=_row,
)

TABLE = Table(
    name="sagemaker_feature_groups",
    resource_type="AWS::SageMaker::FeatureGroup",
    services=("sagemaker",),
    columns=(
        Column("offline_store", "boolean", "whether it has an offline store"),
        Column("offline_key", "text", "the KMS key of its offline store"),
        Column("online_store", "boolean", "whether it has an online store"),
        Column("online_storage", "text", "`Standard` or `InMemory`"),
        Column("online_key", "text", "the KMS key of its online store"),
        Column("role", "text", "the role that it writes as"),
    ),
    collect=_READING.collect,
    one=_READING.one,
    reads=("sagemaker:DescribeFeatureGroup", "sagemaker:ListFeatureGroups", "sagemaker:ListTags"),
)

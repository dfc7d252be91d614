"""Athena workgroups: whether results are encrypted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.inventory.ask import Ask
from landrail.inventory.describing import Described, told_tags
from landrail.inventory.table import Column, Row, Table


def _row(ask: Ask, answer: Mapping[str, Any]) -> Row:
    group = answer["WorkGroup"]
    name, config = group["Name"], group.get("Configuration") or {}
    arn = f"arn:aws:athena:{ask.region}:{ask.account}:workgroup/{name}"
    results = (config.get("ResultConfiguration") or {}).get("EncryptionConfiguration") or {}
    # Results that Athena keeps itself are always encrypted.
    managed = (config.get("ManagedQueryResultsConfiguration") or {}).get("Enabled")
    return {
        "resource_id": name,
        "resource_name": name,
        "arn": arn,
        "created": group.get("CreationTime"),
        "tags": told_tags(ask, "athena", "ListTagsForResource", "Tags", ResourceARN=arn),
        "configuration": dict(config),
        "encryption": "MANAGED" if managed else results.get("EncryptionOption"),
        "kms_key": results.get("KmsKey"),
        "enforced": bool(config.get("EnforceWorkGroupConfiguration")),
    }


_READING = Described(
    service="athena",
    list="ListWorkGroups",
    member="WorkGroups",
    name="Name",
    describe="GetWorkGroup",
    parameter="WorkGroup",
    row=_row,
)

TABLE = Table(
    name="athena_workgroups",
    resource_type="AWS::Athena::WorkGroup",
    services=("athena",),
    columns=(
        Column("encryption", "text", "how results are encrypted; null where they are not"),
        Column("kms_key", "text", "the KMS key of results"),
        Column("enforced", "boolean", "whether its settings win over a query's"),
    ),
    collect=_READING.collect,
    one=_READING.one,
    reads=("athena:GetWorkGroup", "athena:ListTagsForResource", "athena:ListWorkGroups"),
)

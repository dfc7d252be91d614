"""Secrets Manager's secrets: rotation, keys, and whom their policies let in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask, items, or_none, wants
from landrail.inventory.describing import each, tags_of
from landrail.inventory.keys import is_customers
from landrail.inventory.outside import outsiders
from landrail.inventory.policies import allows_public
from landrail.inventory.table import Column, Row, Table, listed

_GONE = "ResourceNotFoundException"
_RATE = re.compile(r"rate\((\d+) (hour|day)s?\)")
_HOURS = {"hour": 1, "day": 24}


def _collect(ask: Ask) -> Iterator[Row]:
    found = {
        secret["ARN"]: secret
        for secret in items(ask, "secretsmanager", "ListSecrets", "SecretList")
    }
    yield from each(ask, found, lambda arn: _rows(ask, found[arn]))


def _one(ask: Ask, arn: str) -> Iterator[Row]:
    told = or_none(ask, _GONE, "secretsmanager", "DescribeSecret", SecretId=arn)
    if told is not None and "DeletedDate" not in told:
        yield from _rows(ask, told)


def _rows(ask: Ask, secret: Mapping[str, Any]) -> Iterator[Row]:
    arn = secret["ARN"]
    row: dict[str, Any] = {
        "resource_id": arn,
        "resource_name": secret["Name"],
        "arn": arn,
        "created": secret.get("CreatedDate"),
        "tags": tags_of(secret.get("Tags") or ()),
        "configuration": {"rotation": secret.get("RotationRules")},
        "rotates": bool(secret.get("RotationEnabled")),
        "rotation_hours": _hours(secret.get("RotationRules") or {}),
        "kms_key": secret.get("KmsKeyId"),
    }
    if wants(ask, "customer_key"):
        row["customer_key"] = is_customers(ask, secret.get("KmsKeyId"))
    if wants(ask, "policy_public", "outsiders"):
        told = or_none(ask, _GONE, "secretsmanager", "GetResourcePolicy", SecretId=arn) or {}
        policy = json.loads(told["ResourcePolicy"]) if told.get("ResourcePolicy") else None
        row["policy_public"] = allows_public(policy)
        row["outsiders"] = listed(outsiders(policy, ask))
    yield row


def _hours(rules: Mapping[str, Any]) -> int | None:
    """How many hours lie between two rotations; None where that cannot be said of a schedule."""
    if rules.get("AutomaticallyAfterDays"):
        return int(rules["AutomaticallyAfterDays"]) * 24
    rate = _RATE.fullmatch(rules.get("ScheduleExpression") or "")
    return int(rate[1]) * _HOURS[rate[2]] if rate else None


TABLE = Table(
    name="secretsmanager_secrets",
    resource_type="AWS::SecretsManager::Secret",
    services=("secretsmanager",),
    columns=(
        Column("rotates", "boolean", "whether it is rotated"),
        Column("rotation_hours", "integer", "the hours between two rotations, where they are even"),
        Column("kms_key", "text", "the KMS key that it names"),
        Column("customer_key", "boolean", "whether that is a key of the customer's"),
        Column("policy_public", "boolean", "its policy lets everybody in"),
        Column("outsiders", "text", "whom its policy lets in from outside the organization"),
    ),
    collect=_collect,
    one=_one,
    reads=(
        "kms:DescribeKey",
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetResourcePolicy",
        "secretsmanager:ListSecrets",
    ),
)

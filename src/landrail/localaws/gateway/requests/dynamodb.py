"""DynamoDB: operations on many tables at once, each of which is authorized.

Source: DynamoDB Developer Guide, "DynamoDB API permissions"; "Using IAM with transactions": the
parts of a transaction need the actions of the operations they stand for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from landrail.localaws.gateway.requests.rules import Rules
from landrail.localaws.gateway.requests.values import Authorization, Call, Lookup, Unresolved

_PARTS = {
    "ConditionCheck": "dynamodb:ConditionCheckItem",
    "Delete": "dynamodb:DeleteItem",
    "Get": "dynamodb:GetItem",
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
}


def _on_table(action: str, table: Any, call: Call) -> Authorization:
    name = str(table)
    if name.startswith("arn:"):
        return Authorization(action, name, name.split(":")[4])
    arn = f"arn:aws:dynamodb:{call.region}:{call.account}:table/{name}"
    return Authorization(action, arn, call.account)


def _batch(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    tables = list(call.params.get("RequestItems") or ())
    if not tables:
        raise Unresolved("dynamodb", call.operation, "which tables it is about")
    return [_on_table(f"dynamodb:{call.operation}", table, call) for table in tables]


def _transaction(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    found = []
    for item in call.params.get("TransactItems") or ():
        for part, value in item.items():
            if part not in _PARTS or not value.get("TableName"):
                raise Unresolved("dynamodb", call.operation, f"what its part `{part}` is about")
            found.append(_on_table(_PARTS[part], value["TableName"], call))
    if not found:
        raise Unresolved("dynamodb", call.operation, "which tables it is about")
    return list({(each.action, each.resource): each for each in found}.values())


DYNAMODB = Rules(
    "dynamodb",
    custom={
        "BatchGetItem": _batch,
        "BatchWriteItem": _batch,
        "TransactGetItems": _transaction,
        "TransactWriteItems": _transaction,
    },
)

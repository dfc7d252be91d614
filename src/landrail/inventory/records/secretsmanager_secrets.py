"""Secrets, as Config records them: their resource policies are not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landrail.inventory.described import tag_list
from landrail.inventory.keys import key_answers
from landrail.inventory.record import Answer, Item, Record, Shape
from landrail.inventory.table import Row

_KEYS = "AWS::KMS::Key"
_SCHEDULE = ("RotationScheduleExpression", "ScheduleExpression")


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    secrets = [_secret(item) for item in items if item.resource_type != _KEYS]
    yield Answer("secretsmanager", "ListSecrets", {}, {"SecretList": secrets})
    yield from key_answers(item for item in items if item.resource_type == _KEYS)


def _secret(item: Item) -> dict[str, Any]:
    told = item.configuration
    theirs, ours = _SCHEDULE
    rules = dict(told.get("RotationRules") or {})
    rules[ours] = rules.pop(theirs, None)
    return {
        "ARN": item.arn,
        "Name": told.get("Name") or item.name,
        "CreatedDate": item.created,
        "Tags": tag_list(item),
        "KmsKeyId": told.get("KMSKeyId"),
        "RotationEnabled": told.get("RotationEnabled"),
        "RotationRules": rules,
    }


def _shape(row: Row) -> Shape:
    theirs, ours = _SCHEDULE
    rules = dict((row.get("configuration") or {}).get("rotation") or {})
    if ours in rules:
        rules[theirs] = rules.pop(ours)
    return {
        "ARN": row["arn"],
        "Name": row["resource_name"],
        "KMSKeyId": row.get("kms_key"),
        "RotationEnabled": row.get("rotates"),
        "RotationRules": rules or None,
    }, {}


RECORD = Record(
    table="secretsmanager_secrets",
    types=("AWS::SecretsManager::Secret",),
    answers=_answers,
    shape=_shape,
    beside=(_KEYS,),
    never=frozenset({"policy_public", "outsiders"}),
)

"""Whose KMS key something is encrypted by: one of AWS's own, or a customer's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from landrail.inventory.ask import Ask, Once, Refused
from landrail.inventory.described import capitalized
from landrail.inventory.record import Answer, Item

_ALIAS = ":alias/aws/"


def is_customers(ask: Ask, key: str | None) -> bool:
    """Whether a key is a customer's; each is asked for once. A key of another account is one: AWS's
    own cannot be shared."""
    if key is None or key.startswith("alias/aws/") or _ALIAS in key:
        return False
    fields = key.split(":")
    if len(fields) > 5 and fields[4] != ask.account:
        return True
    try:
        told = Once(ask)("kms", "DescribeKey", KeyId=key)
    except Refused as error:
        if error.code == "NotFoundException":
            return False
        raise
    return bool(told["KeyMetadata"].get("KeyManager") == "CUSTOMER")


def key_metadata(item: Item) -> dict[str, Any]:
    """Return what KMS describes of a key, from its item of Config's."""
    told = capitalized(item.configuration)
    told["CreationDate"] = item.created or told.get("CreationDate")
    told["KeyId"] = told.get("KeyId") or item.resource_id
    return {**told, "Arn": told.get("Arn") or item.arn}


def key_answers(items: Iterable[Item]) -> Iterator[Answer]:
    """Yield what KMS answers of the keys that were recorded, by their ids and by their ARNs."""
    for item in items:
        key = key_metadata(item)
        for name in (key["KeyId"], key["Arn"]):
            yield Answer("kms", "DescribeKey", {"KeyId": name}, {"KeyMetadata": key})

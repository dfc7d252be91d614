"""Whose KMS key something is encrypted by: one of AWS's own, or a customer's."""

from __future__ import annotations

from landrail.inventory.ask import Ask, Once, Refused

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

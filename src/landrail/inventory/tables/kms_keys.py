"""KMS keys: whom their policies let in, whether they rotate, whether they are about to go."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask, Refused, items, or_none, wants
from landrail.inventory.describing import each, is_gone, told_tags
from landrail.inventory.outside import outsiders
from landrail.inventory.policies import NOT_UNDERSTOOD, allows_public
from landrail.inventory.table import Column, Row, Table, listed

_UNSUPPORTED = ("UnsupportedOperationException", "KMSInvalidStateException")


def _collect(ask: Ask) -> Iterator[Row]:
    keys = (key["KeyId"] for key in items(ask, "kms", "ListKeys", "Keys"))
    yield from each(ask, keys, lambda key: _one(ask, key))


def _one(ask: Ask, key_id: str) -> Iterator[Row]:
    try:
        key = ask("kms", "DescribeKey", KeyId=key_id)["KeyMetadata"]
        yield _row(ask, key)
    except Refused as error:
        if not is_gone(error):
            raise


def _row(ask: Ask, key: Mapping[str, Any]) -> Row:
    row: dict[str, Any] = {
        "resource_id": key["KeyId"],
        "resource_name": key["KeyId"],
        "arn": key["Arn"],
        "created": key.get("CreationDate"),
        "configuration": dict(key),
        "manager": key.get("KeyManager"),
        "state": key.get("KeyState"),
        "spec": key.get("KeySpec") or key.get("CustomerMasterKeySpec"),
        "origin": key.get("Origin"),
        "multi_region": bool(key.get("MultiRegion")),
    }
    if key.get("KeyManager") != "CUSTOMER":
        return row
    if wants(ask, "outsiders", "policy_public"):
        row.update(_policy(ask, key["KeyId"], row["configuration"]))
    if wants(ask, "rotation") and row["spec"] == "SYMMETRIC_DEFAULT":
        told = or_none(ask, _UNSUPPORTED, "kms", "GetKeyRotationStatus", KeyId=key["KeyId"])
        row["rotation"] = bool((told or {}).get("KeyRotationEnabled"))
    row["tags"] = told_tags(ask, "kms", "ListResourceTags", "Tags", KeyId=key["KeyId"])
    return row


def _policy(ask: Ask, key_id: str, told: dict[str, Any]) -> dict[str, Any]:
    text = ask("kms", "GetKeyPolicy", KeyId=key_id, PolicyName="default")["Policy"]
    told["Policy"] = text
    policy = json.loads(text)
    who = outsiders(policy, ask)
    # S3's meaning of public does not know KMS's own condition keys, and a range of addresses is
    # no principal: what both call open is.
    everybody = "*" in who and allows_public(policy)
    return {"outsiders": listed(who), "policy_public": everybody or NOT_UNDERSTOOD in who}


TABLE = Table(
    name="kms_keys",
    resource_type="AWS::KMS::Key",
    services=("kms",),
    columns=(
        Column("manager", "text", "`CUSTOMER`, or `AWS` for a service's own key"),
        Column("state", "text", "its state, `Enabled` or `PendingDeletion`"),
        Column("spec", "text", "its kind, `SYMMETRIC_DEFAULT`"),
        Column("origin", "text", "where its material comes from, `AWS_KMS`"),
        Column("multi_region", "boolean", "whether it has replicas in other regions"),
        Column("rotation", "boolean", "whether it rotates by itself; null where it cannot"),
        Column("outsiders", "text", "whom its policy lets in from outside the organization"),
        Column("policy_public", "boolean", "whether its policy lets everybody in"),
    ),
    collect=_collect,
    one=_one,
    reads=(
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListKeys",
        "kms:ListResourceTags",
    ),
)

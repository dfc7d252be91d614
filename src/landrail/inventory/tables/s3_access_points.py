"""S3 access points: their own public access block, network and policy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask, items, or_none, wants
from landrail.inventory.describing import each
from landrail.inventory.outside import outsiders
from landrail.inventory.policies import allows_public
from landrail.inventory.s3 import BLOCK, account_block, block_columns
from landrail.inventory.table import Column, Row, Table, listed

_GONE = "NoSuchAccessPoint"
_NO_POLICY = ("NoSuchAccessPointPolicy", _GONE)


def _collect(ask: Ask) -> Iterator[Row]:
    found = items(ask, "s3control", "ListAccessPoints", "AccessPointList", AccountId=ask.account)
    named = {entry["Name"]: entry for entry in found}
    yield from each(ask, named, lambda name: _one(ask, name))


def _one(ask: Ask, name: str) -> Iterator[Row]:
    which = {"AccountId": ask.account, "Name": name}
    told = or_none(ask, _GONE, "s3control", "GetAccessPoint", **which)
    if told is None:
        return
    row = _row(ask, told)
    if wants(ask, "policy_public", "outsiders"):
        found = or_none(ask, _NO_POLICY, "s3control", "GetAccessPointPolicy", **which) or {}
        policy = json.loads(found["Policy"]) if found.get("Policy") else None
        row["configuration"]["policy"] = policy
        row["policy_public"] = allows_public(policy)
        row["outsiders"] = listed(outsiders(policy, ask))
    if wants(ask, "restricts_public_policy"):
        account = account_block(ask)
        row["restricts_public_policy"] = (
            row["restrict_public_buckets"] or account["restrict_public_buckets"]
        )
    yield row


def _row(ask: Ask, told: Mapping[str, Any]) -> dict[str, Any]:
    name = told["Name"]
    vpc = (told.get("VpcConfiguration") or {}).get("VpcId")
    return {
        "resource_id": name,
        "resource_name": name,
        "arn": told.get("AccessPointArn")
        or f"arn:aws:s3:{ask.region}:{ask.account}:accesspoint/{name}",
        "created": told.get("CreationDate"),
        "configuration": {"bucket": told.get("Bucket"), "vpc": vpc},
        "bucket": told.get("Bucket"),
        "vpc": vpc,
        **block_columns(told),
    }


TABLE = Table(
    name="s3_access_points",
    resource_type="AWS::S3::AccessPoint",
    services=("s3control",),
    columns=(
        Column("bucket", "text", "its bucket"),
        Column("vpc", "text", "the VPC that it can be reached from; null for the internet"),
        *BLOCK,
        Column("restricts_public_policy", "boolean", "by its own block or its account's"),
        Column("policy_public", "boolean", "its policy lets everybody in"),
        Column("outsiders", "text", "whom its policy lets in from outside the organization"),
    ),
    collect=_collect,
    one=_one,
    reads=(
        "s3:GetAccessPoint",
        "s3:GetAccessPointPolicy",
        "s3:GetAccountPublicAccessBlock",
        "s3:ListAccessPoints",
    ),
)

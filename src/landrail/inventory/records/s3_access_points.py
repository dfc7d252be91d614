"""S3 access points, as Config records them: in CloudFormation's names. A policy that is not there
may be none or one that was not recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from landrail.inventory.record import Answer, Item, Record, Shape
from landrail.inventory.s3 import FLAGS, block_answer
from landrail.inventory.table import Row

_BLOCK_TYPE = "AWS::S3::AccountPublicAccessBlock"
_BLOCK = "PublicAccessBlockConfiguration"


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    points = [item for item in items if item.resource_type != _BLOCK_TYPE]
    for account in {item.account_id for item in items}:
        yield block_answer(account, items)
        here = [_point(item) for item in points if item.account_id == account]
        which = {"AccountId": account}
        yield Answer("s3control", "ListAccessPoints", which, {"AccessPointList": here})
    for item in points:
        told = _point(item)
        which = {"AccountId": item.account_id, "Name": told["Name"]}
        yield Answer("s3control", "GetAccessPoint", which, told)
        if policy := item.configuration.get("Policy"):
            text = policy if isinstance(policy, str) else json.dumps(policy)
            yield Answer("s3control", "GetAccessPointPolicy", which, {"Policy": text})


def _point(item: Item) -> dict[str, Any]:
    told = dict(item.configuration)
    return {
        **told,
        "Name": told.get("Name") or item.name,
        "AccessPointArn": item.arn,
        "CreationDate": item.created,
    }


def _shape(row: Row) -> Shape:
    told = row.get("configuration") or {}
    vpc, policy = row.get("vpc"), told.get("policy")
    return {
        "Name": row["resource_name"],
        "Arn": row["arn"],
        "Bucket": row.get("bucket"),
        "BucketAccountId": row["account_id"],
        "NetworkOrigin": "VPC" if vpc else "Internet",
        _BLOCK: {flag: bool(row.get(column)) for flag, column in FLAGS.items()},
        **({"VpcConfiguration": {"VpcId": vpc}} if vpc else {}),
        **({"Policy": policy} if policy else {}),
    }, {}


RECORD = Record(
    table="s3_access_points",
    types=("AWS::S3::AccessPoint",),
    answers=_answers,
    shape=_shape,
    beside=(_BLOCK_TYPE,),
    only_where={
        "Policy": ("policy_public", "outsiders"),
        _BLOCK: (*FLAGS.values(), "restricts_public_policy"),
    },
)

"""IAM roles, as Config records them: documents as they go over the wire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from landrail.inventory.described import capitalized, tag_list
from landrail.inventory.record import Answer, Item, Record, Shape
from landrail.inventory.table import Row

_ASKED = {"Filter": ["Role"]}


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    told = [
        {"Tags": tag_list(i), "CreateDate": i.created, **capitalized(i.configuration)}
        for i in items
    ]
    yield Answer("iam", "GetAccountAuthorizationDetails", _ASKED, {"RoleDetailList": told})


def _shape(row: Row) -> Shape:
    told = row.get("configuration") or {}
    boundary = row.get("boundary")
    kind = "PermissionsBoundaryPolicy"
    bounded = {"permissionsBoundaryArn": boundary, "permissionsBoundaryType": kind}
    return {
        "roleName": row["resource_name"],
        "roleId": row["resource_id"],
        "arn": row["arn"],
        "path": told.get("path"),
        "createDate": row.get("created"),
        "assumeRolePolicyDocument": _wired(told.get("trust")),
        "attachedManagedPolicies": [
            {"policyName": arn.rpartition("/")[2], "policyArn": arn}
            for arn in told.get("attached") or ()
        ],
        "rolePolicyList": [
            {"policyName": name, "policyDocument": _wired(document)}
            for name, document in (told.get("inline") or {}).items()
        ],
        "permissionsBoundary": bounded if boundary else None,
    }, {}


def _wired(document: Any) -> str:
    return quote(json.dumps(document, separators=(",", ":")), safe="")


RECORD = Record(
    table="iam_roles",
    types=("AWS::IAM::Role",),
    answers=_answers,
    shape=_shape,
)

"""IAM users: how they sign in, and what is attached to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask, Refused, items, or_none, wants
from landrail.inventory.describing import each, is_gone, tags_of
from landrail.inventory.identities import details
from landrail.inventory.table import Column, Row, Table

_GONE = "NoSuchEntity"


def _collect(ask: Ask) -> Iterator[Row]:
    found = {user["UserName"]: user for user in details(ask, "User", "UserDetailList")}
    yield from each(ask, found, lambda name: _row(ask, found[name]))


def _row(ask: Ask, user: Mapping[str, Any]) -> Iterator[Row]:
    name = user["UserName"]
    row = {
        "resource_id": user["UserId"],
        "resource_name": name,
        "arn": user["Arn"],
        "created": user.get("CreateDate"),
        "tags": tags_of(user.get("Tags")),
        "configuration": {
            "groups": user.get("GroupList"),
            "inline": [policy["PolicyName"] for policy in user.get("UserPolicyList") or ()],
            "attached": [p["PolicyArn"] for p in user.get("AttachedManagedPolicies") or ()],
            "path": user.get("Path"),
        },
        "inline_policies": len(user.get("UserPolicyList") or ()),
        "attached_policies": len(user.get("AttachedManagedPolicies") or ()),
    }
    try:
        if wants(ask, "mfa"):
            row["mfa"] = any(items(ask, "iam", "ListMFADevices", "MFADevices", UserName=name))
        if wants(ask, "password"):
            row["password"] = (
                or_none(ask, _GONE, "iam", "GetLoginProfile", UserName=name) is not None
            )
        if wants(ask, "access_keys", "active_keys", "oldest_active_key"):
            row.update(_keys(ask, name))
    except Refused as error:
        if is_gone(error):
            return
        raise
    yield row


def _keys(ask: Ask, name: str) -> dict[str, Any]:
    keys = list(items(ask, "iam", "ListAccessKeys", "AccessKeyMetadata", UserName=name))
    active = [key for key in keys if key.get("Status") == "Active"]
    return {
        "access_keys": len(keys),
        "active_keys": len(active),
        "oldest_active_key": min((key["CreateDate"] for key in active), default=None),
    }


TABLE = Table(
    name="iam_users",
    resource_type="AWS::IAM::User",
    services=("iam",),
    columns=(
        Column("mfa", "boolean", "whether it has an MFA device"),
        Column("password", "boolean", "whether it has a password for the console"),
        Column("access_keys", "integer", "how many access keys it has"),
        Column("active_keys", "integer", "how many of them are active"),
        Column("oldest_active_key", "time", "when the oldest active one was made"),
        Column("inline_policies", "integer", "how many policies it holds itself"),
        Column("attached_policies", "integer", "how many managed policies are attached to it"),
    ),
    collect=_collect,
    reads=(
        "iam:GetAccountAuthorizationDetails",
        "iam:GetLoginProfile",
        "iam:ListAccessKeys",
        "iam:ListMFADevices",
    ),
    is_global=True,
)

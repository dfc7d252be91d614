"""IAM users, as Config records them: their policies and groups, not how they sign in."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.described import capitalized, tag_list
from landrail.inventory.record import Answer, Item, Record, Shape
from landrail.inventory.table import Row

_ASKED = {"Filter": ["User"]}


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    told = [
        {"Tags": tag_list(i), "CreateDate": i.created, **capitalized(i.configuration)}
        for i in items
    ]
    yield Answer("iam", "GetAccountAuthorizationDetails", _ASKED, {"UserDetailList": told})


def _shape(row: Row) -> Shape:
    told = row.get("configuration") or {}
    return {
        "userName": row["resource_name"],
        "userId": row["resource_id"],
        "arn": row["arn"],
        "path": told.get("path"),
        "createDate": row.get("created"),
        "groupList": list(told.get("groups") or ()),
        "userPolicyList": [{"policyName": name} for name in told.get("inline") or ()],
        "attachedManagedPolicies": [
            {"policyName": arn.rpartition("/")[2], "policyArn": arn}
            for arn in told.get("attached") or ()
        ],
    }, {}


RECORD = Record(
    table="iam_users",
    types=("AWS::IAM::User",),
    answers=_answers,
    shape=_shape,
    never=frozenset({"mfa", "password", "access_keys", "active_keys", "oldest_active_key"}),
)

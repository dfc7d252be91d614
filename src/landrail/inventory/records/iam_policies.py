"""IAM policies of an account, as Config records them: documents as they go over the wire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote

from landrail.inventory.described import capitalized, tag_list
from landrail.inventory.record import Answer, Item, Record, Shape
from landrail.inventory.table import Row

_ASKED = {"Filter": ["LocalManagedPolicy"]}


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    told = [
        {"Tags": tag_list(i), "CreateDate": i.created, **capitalized(i.configuration)}
        for i in items
    ]
    yield Answer("iam", "GetAccountAuthorizationDetails", _ASKED, {"Policies": told})


def _shape(row: Row) -> Shape:
    told = row.get("configuration") or {}
    document = quote(json.dumps(told.get("document"), separators=(",", ":")), safe="")
    version = {"document": document, "versionId": told.get("version"), "isDefaultVersion": True}
    return {
        "policyName": row["resource_name"],
        "policyId": row["resource_id"],
        "arn": row["arn"],
        "path": told.get("path"),
        "defaultVersionId": told.get("version"),
        "attachmentCount": row.get("attachments"),
        "permissionsBoundaryUsageCount": row.get("boundary_of"),
        "isAttachable": True,
        "createDate": row.get("created"),
        "policyVersionList": [version],
    }, {}


RECORD = Record(
    table="iam_policies",
    types=("AWS::IAM::Policy",),
    answers=_answers,
    shape=_shape,
)

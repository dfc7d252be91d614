"""KMS keys, as Config records them: policy and rotation are supplementary."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from landrail.inventory.described import VOLATILE, lowered, tag_list
from landrail.inventory.keys import key_metadata
from landrail.inventory.record import Answer, Item, Record, Shape
from landrail.inventory.table import Row

_OURS = ("Policy", "KeyRotationEnabled")


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    described = [(item, key_metadata(item)) for item in items]
    keys = [{"KeyId": key["KeyId"]} for _, key in described]
    yield Answer("kms", "ListKeys", {}, {"Keys": keys})
    for item, key in described:
        which = {"KeyId": key["KeyId"]}
        yield Answer("kms", "DescribeKey", which, {"KeyMetadata": key})
        yield Answer("kms", "ListResourceTags", which, {"Tags": tag_list(item)})
        if policy := _policy(item.settings.get("Policy")):
            asked = {**which, "PolicyName": "default"}
            yield Answer("kms", "GetKeyPolicy", asked, {"Policy": policy})
        if "KeyRotationStatus" in item.settings:
            rotates = str(item.settings["KeyRotationStatus"]).lower() == "true"
            yield Answer("kms", "GetKeyRotationStatus", which, {"KeyRotationEnabled": rotates})


def _policy(given: Any) -> str:
    """Return the text of a policy, which may have been read as an object already."""
    return given if isinstance(given, str) else json.dumps(given) if given else ""


def _shape(row: Row) -> Shape:
    told = row.get("configuration") or {}
    hidden = (*VOLATILE, *_OURS, "AWSAccountId", "DeletionDate")
    configuration = lowered({n: given for n, given in told.items() if n not in hidden})
    configuration["awsaccountId"] = row["account_id"]
    configuration["creationDate"] = row.get("created")
    settings: dict[str, Any] = {}
    if told.get("Policy"):
        settings["Policy"] = told["Policy"]
    if row.get("rotation") is not None:
        settings["KeyRotationStatus"] = row["rotation"]
    return configuration, settings


RECORD = Record(
    table="kms_keys",
    types=("AWS::KMS::Key",),
    answers=_answers,
    shape=_shape,
    only_where={"multiRegion": ("multi_region",)},
)

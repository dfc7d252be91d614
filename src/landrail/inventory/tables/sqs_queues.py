"""SQS queues: encryption, and whom their policies let in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask, items, or_none
from landrail.inventory.describing import each, last
from landrail.inventory.outside import outsiders
from landrail.inventory.policies import allows_public
from landrail.inventory.table import Column, Row, Table, listed

_GONE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
_NAMES = ["All"]
_PAGE = 1000


def _collect(ask: Ask) -> Iterator[Row]:
    urls = items(ask, "sqs", "ListQueues", "QueueUrls", MaxResults=_PAGE)
    yield from each(ask, urls, lambda url: _one(ask, url))


def _one(ask: Ask, url: str) -> Iterator[Row]:
    told = or_none(ask, _GONE, "sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=_NAMES)
    if told is not None:
        yield _row(ask, url, told.get("Attributes") or {})


def _row(ask: Ask, url: str, attributes: Mapping[str, str]) -> dict[str, Any]:
    policy = json.loads(attributes["Policy"]) if attributes.get("Policy") else None
    by_service = attributes.get("SqsManagedSseEnabled", "").lower() == "true"
    return {
        "resource_id": url,
        "resource_name": last(url),
        "arn": attributes["QueueArn"],
        "configuration": dict(attributes),
        "kms_key": attributes.get("KmsMasterKeyId"),
        "encrypted": bool(attributes.get("KmsMasterKeyId")) or by_service,
        "policy_public": allows_public(policy),
        "outsiders": listed(outsiders(policy, ask)),
    }


TABLE = Table(
    name="sqs_queues",
    resource_type="AWS::SQS::Queue",
    services=("sqs",),
    columns=(
        Column("encrypted", "boolean", "whether messages are encrypted at all"),
        Column("kms_key", "text", "the KMS key of its messages"),
        Column("policy_public", "boolean", "its policy lets everybody in"),
        Column("outsiders", "text", "whom its policy lets in from outside the organization"),
    ),
    collect=_collect,
    one=_one,
    reads=("sqs:GetQueueAttributes", "sqs:ListQueues"),
)

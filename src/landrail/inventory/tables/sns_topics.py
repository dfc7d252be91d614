"""SNS topics: encryption, and whom their policies let in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask, items, or_none
from landrail.inventory.describing import each
from landrail.inventory.outside import outsiders
from landrail.inventory.policies import allows_public
from landrail.inventory.table import Column, Row, Table, listed

_GONE = ("NotFound", "NotFoundException")


def _collect(ask: Ask) -> Iterator[Row]:
    arns = (topic["TopicArn"] for topic in items(ask, "sns", "ListTopics", "Topics"))
    yield from each(ask, arns, lambda arn: _one(ask, arn))


def _one(ask: Ask, arn: str) -> Iterator[Row]:
    told = or_none(ask, _GONE, "sns", "GetTopicAttributes", TopicArn=arn)
    if told is not None:
        yield _row(ask, arn, told.get("Attributes") or {})


def _row(ask: Ask, arn: str, attributes: Mapping[str, str]) -> dict[str, Any]:
    policy = json.loads(attributes["Policy"]) if attributes.get("Policy") else None
    return {
        "resource_id": arn,
        "resource_name": arn.rsplit(":", 1)[-1],
        "arn": arn,
        "configuration": dict(attributes),
        "kms_key": attributes.get("KmsMasterKeyId"),
        "policy_public": allows_public(policy),
        "outsiders": listed(outsiders(policy, ask)),
    }


TABLE = Table(
    name="sns_topics",
    resource_type="AWS::SNS::Topic",
    services=("sns",),
    columns=(
        Column("kms_key", "text", "the KMS key of its messages"),
        Column("policy_public", "boolean", "its policy lets everybody in"),
        Column("outsiders", "text", "whom its policy lets in from outside the organization"),
    ),
    collect=_collect,
    one=_one,
    reads=("sns:GetTopicAttributes", "sns:ListTopics"),
)

"""SQS queues, as Config records them: their attributes; one without a policy has none there."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.record import Answer, Item, Record, Shape
from landrail.inventory.table import Row

_COUNTS = "ApproximateNumberOf"


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    yield Answer("sqs", "ListQueues", {}, {"QueueUrls": [item.resource_id for item in items]})
    for item in items:
        asked = {"QueueUrl": item.resource_id, "AttributeNames": ["All"]}
        told = {"Attributes": {"QueueArn": item.arn, **item.texts}}
        yield Answer("sqs", "GetQueueAttributes", asked, told)


def _shape(row: Row) -> Shape:
    told = row.get("configuration") or {}
    return {
        "QueueUrl": row["resource_id"],
        "QueueName": row["resource_name"],
        **{name: given for name, given in told.items() if not name.startswith(_COUNTS)},
    }, {}


RECORD = Record(
    table="sqs_queues",
    types=("AWS::SQS::Queue",),
    answers=_answers,
    shape=_shape,
)

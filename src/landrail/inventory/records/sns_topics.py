"""SNS topics, as Config records them: their attributes."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.record import Answer, Item, Record

_COUNTS = ("SubscriptionsConfirmed", "SubscriptionsPending", "SubscriptionsDeleted")


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    yield Answer("sns", "ListTopics", {}, {"Topics": [{"TopicArn": i.arn} for i in items]})
    for item in items:
        told = {"Attributes": item.texts}
        yield Answer("sns", "GetTopicAttributes", {"TopicArn": item.arn}, told)


RECORD = Record(
    table="sns_topics",
    types=("AWS::SNS::Topic",),
    answers=_answers,
    shape=lambda row: (
        {n: v for n, v in (row.get("configuration") or {}).items() if n not in _COUNTS},
        {},
    ),
    only_where={"Policy": ("policy_public", "outsiders")},
)

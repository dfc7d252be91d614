"""Trails, as Config records them: what they are, not whether they log, nor what."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.described import capitalized, in_lower_case
from landrail.inventory.record import Answer, Item, Record


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    described = [capitalized(item.configuration) for item in items]
    listed = {"trailList": described}
    yield Answer("cloudtrail", "DescribeTrails", {"includeShadowTrails": True}, listed)
    for trail in described:
        # What these tell is in no item: the columns that come from it are `never` known.
        yield Answer("cloudtrail", "GetTrailStatus", {"Name": trail["TrailARN"]}, {})
        yield Answer("cloudtrail", "GetEventSelectors", {"TrailName": trail["TrailARN"]}, {})


RECORD = Record(
    table="cloudtrail_trails",
    types=("AWS::CloudTrail::Trail",),
    answers=_answers,
    shape=in_lower_case,
    never=frozenset({"logging", "management_events", "object_buckets"}),
)

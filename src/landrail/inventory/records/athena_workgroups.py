"""Athena workgroups, as Config records them: in CloudFormation's names."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.described import tag_list
from landrail.inventory.record import Answer, Item, Record, Shape
from landrail.inventory.table import Row

_SETTINGS = "WorkGroupConfiguration"


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    yield Answer("athena", "ListWorkGroups", {}, {"WorkGroups": [{"Name": i.name} for i in items]})
    for item in items:
        told = item.configuration
        group = {
            "Name": item.name,
            "Configuration": told.get(_SETTINGS) or {},
            "CreationTime": item.created or told.get("CreationTime"),
        }
        yield Answer("athena", "GetWorkGroup", {"WorkGroup": item.name}, {"WorkGroup": group})
        tags = {"Tags": tag_list(item)}
        yield Answer("athena", "ListTagsForResource", {"ResourceARN": item.arn}, tags)


def _shape(row: Row) -> Shape:
    return {"Name": row["resource_name"], _SETTINGS: row.get("configuration") or {}}, {}


RECORD = Record(
    table="athena_workgroups",
    types=("AWS::Athena::WorkGroup",),
    answers=_answers,
    shape=_shape,
)

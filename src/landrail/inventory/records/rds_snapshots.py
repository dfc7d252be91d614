"""RDS snapshots, as Config records them, those that the service made too: who may restore them is
supplementary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from landrail.inventory.described import VOLATILE, capitalized, lowered, tag_list
from landrail.inventory.record import Answer, Item, Record, Shape
from landrail.inventory.table import Row

_ATTRIBUTES = "Attributes"


@dataclass(frozen=True, slots=True)
class _Kind:
    resource_type: str
    prefix: str
    recorded: str

    def name(self, text: str) -> str:
        return text.replace("DB", self.prefix, 1)


_KINDS = (
    _Kind("AWS::RDS::DBSnapshot", "DB", "dB"),
    _Kind("AWS::RDS::DBClusterSnapshot", "DBCluster", "dbcluster"),
)


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    for kind in _KINDS:
        found = [(i, _described(kind, i)) for i in items if i.resource_type == kind.resource_type]
        made = [told for _, told in found if told.get("SnapshotType", "manual") == "manual"]
        listing, asked = kind.name("DescribeDBSnapshots"), {"SnapshotType": "manual"}
        yield Answer("rds", listing, asked, {kind.name("DBSnapshots"): made})
        for item, told in found:
            attributes = item.settings.get(kind.name("DBSnapshotAttributes"))
            if attributes is not None:
                name = kind.name("DBSnapshotIdentifier")
                result = {kind.name("DBSnapshotAttributes"): capitalized(attributes or ())}
                yield Answer(
                    "rds",
                    kind.name("DescribeDBSnapshotAttributes"),
                    {name: told[name]},
                    {kind.name("DBSnapshotAttributesResult"): result},
                )


def _described(kind: _Kind, item: Item) -> dict[str, Any]:
    told = {
        kind.prefix + name.removeprefix(kind.recorded)
        if name.startswith(kind.recorded)
        else name: given
        for name, given in item.configuration.items()
    }
    return {"TagList": tag_list(item), **capitalized(told)}


def _shape(row: Row) -> Shape:
    (kind,) = (one for one in _KINDS if one.resource_type == row["resource_type"])
    told = {n: v for n, v in (row.get("configuration") or {}).items() if n not in VOLATILE}
    attributes = told.pop(_ATTRIBUTES, None)
    configuration = {
        kind.recorded + name.removeprefix(kind.prefix)
        if name.startswith(kind.prefix)
        else name: given
        for name, given in told.items()
    }
    named = kind.name("DBSnapshotAttributes")
    return lowered(configuration), {} if attributes is None else {named: lowered(attributes)}


RECORD = Record(
    table="rds_snapshots",
    types=tuple(kind.resource_type for kind in _KINDS),
    answers=_answers,
    shape=_shape,
)

"""Reading a table from what Config recorded, instead of from AWS: the same code, other answers.

A table asks as always, and is answered from the items. What is not recorded is refused, so that a
column which needs it is named as not known, rather than taken for empty.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from landrail.discovery import defined
from landrail.inventory import records as package
from landrail.inventory.ask import Refused, Remembering
from landrail.inventory.realm import Realm
from landrail.inventory.record import Document, Item, Record
from landrail.inventory.table import Row, Table

GLOBAL = "global"
"""The region of what an account has once, as Config names it."""
NOT_RECORDED = "NotRecorded"
RECORDER = "AWS::Config::ConfigurationRecorder"
"""The recorder itself, which Config records by itself."""
_EXCLUDING = "EXCLUSION_BY_RESOURCE_TYPES"
_IAM = "AWS::IAM::"
_PAGING = (
    *("NextToken", "nextToken", "Marker", "MaxResults", "maxResults", "MaxBuckets"),
    *("ContinuationToken", "MaxItems"),
)
_UNLIKE = (AttributeError, LookupError, TypeError, ValueError)
"""What an item raises that is not as Config documents it."""


@cache
def records() -> Mapping[str, Record]:
    """Return the records by the names of their tables."""
    return {record.table: record for record in defined(package, "RECORD", Record)}


@cache
def record_of(resource_type: str) -> Record | None:
    """Return the record whose rows are items of a type, None where none is."""
    return next((one for one in records().values() if resource_type in one.types), None)


@dataclass(frozen=True, slots=True)
class Read:
    """A row, and the columns that its items do not tell; where there is no row, `refused` says why
    a resource could not be read."""

    resource_id: str
    row: Row | None
    unknown: frozenset[str] = frozenset()
    refused: str = ""


class Recorded:
    """An Ask that is answered from the items of one account and region."""

    def __init__(
        self, account: str, region: str, realm: Realm, record: Record, items: Iterable[Item]
    ) -> None:
        """`items` may be of any account, region and type: those that belong here are taken."""
        self.account = account
        self.region = region
        self.realm = realm
        here = tuple(within(account, region, (*record.types, *record.beside), items))
        self._answers = {
            _key(one.service, one.operation, one.parameters): one.answer
            for one in record.answers(here)
        }

    def __call__(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
        """Answer; raises Refused with what AWS would, or where nothing is recorded."""
        asked = {name: given for name, given in parameters.items() if name not in _PAGING}
        answer = self._answers.get(_key(service, operation, asked))
        if answer is None:
            raise Refused(NOT_RECORDED, f"Config does not record {service}:{operation}")
        if isinstance(answer, str):
            raise Refused(answer, f"as Config recorded it ({service}:{operation})")
        return dict(answer)


def within(
    account: str, region: str, types: Collection[str], items: Iterable[Item]
) -> Iterator[Item]:
    """Yield the items of some types of an account and region."""
    for item in items:
        if (
            item.account_id == account
            and item.region in (region, GLOBAL)
            and item.resource_type in types
        ):
            yield item


def unrecorded(types: Sequence[str], account: str, region: str, items: Iterable[Item]) -> str:
    """Return why some types may have resources in an account and region of which there are no
    items; empty where there can be none."""
    here = tuple(within(account, region, (*types, RECORDER), items))
    there = {item.resource_type for item in here}
    groups = [i.configuration.get("RecordingGroup") for i in here if i.resource_type == RECORDER]
    if not groups:
        known = not there.isdisjoint(types)
        return "" if known else "nothing of its type is recorded there, nor which types are"
    left_out = [one for one in types if not any(_covers(group or {}, one) for group in groups)]
    return f"the recorder leaves out {', '.join(left_out)}" if left_out else ""


def _covers(group: Document, resource_type: str) -> bool:
    if (group.get("RecordingStrategy") or {}).get("UseOnly") == _EXCLUDING:
        excluded = (group.get("ExclusionByResourceTypes") or {}).get("ResourceTypes") or ()
        return resource_type not in excluded
    if group.get("AllSupported"):
        of_iam = resource_type.startswith(_IAM)
        return not of_iam or bool(group.get("IncludeGlobalResourceTypes"))
    return resource_type in (group.get("ResourceTypes") or ())


def read(
    table: Table,
    record: Record,
    place: tuple[str, str],
    realm: Realm,
    items: Iterable[Item],
    columns: Collection[str] | None = None,
) -> Iterator[Read]:
    """Yield the rows of a table in an account and region, each with what is not known of it; of
    the columns those that are wanted, None for all."""
    account, region = place
    every = frozenset(column.name for column in table.every_column)
    wanted = every if columns is None else frozenset(columns)
    here = tuple(within(account, region, (*record.types, *record.beside), items))
    own = {item.resource_id: item for item in here if item.resource_type in record.types}
    beside = [item for item in here if item.resource_type in record.beside]
    for group in _alike(record, tuple(own.values()), account, region):
        lacks = record.unknown(group[0]) & wanted
        # All that tell the same at once; where that fails, one after the other.
        try:
            yield from _told(table, _asking(record, group, beside, realm, region), wanted, lacks)
        except (Refused, *_UNLIKE):
            for item in group:
                ask = _asking(record, (item,), beside, realm, region)
                yield from _one(table, ask, item.resource_id, wanted, lacks)


def _alike(
    record: Record, items: Sequence[Item], account: str, region: str
) -> Iterable[tuple[Item, ...]]:
    """Return items in groups that leave the same columns unknown; of a setting one group."""
    if record.together:
        return [tuple(items) or (_nothing(record, account, region),)]
    groups: dict[frozenset[str], list[Item]] = {}
    for item in items:
        groups.setdefault(record.unknown(item), []).append(item)
    return [tuple(group) for group in groups.values()]


def _asking(
    record: Record, group: Sequence[Item], beside: Sequence[Item], realm: Realm, region: str
) -> Remembering:
    account = group[0].account_id
    return Remembering(Recorded(account, region, realm, record, (*group, *beside)))


def _nothing(record: Record, account: str, region: str) -> Item:
    """An item that says nothing, of a setting that an account does not have."""
    kind = record.types[0]
    return Item(account, region, kind, account, account, "", None, {}, {}, {})


def _told(
    table: Table, ask: Remembering, wanted: frozenset[str], lacks: frozenset[str]
) -> list[Read]:
    rows = list(table.rows(ask, columns=wanted - lacks))
    return [
        Read(row["resource_id"], {n: None if n in lacks else v for n, v in row.items()}, lacks)
        for row in rows
    ]


def _one(
    table: Table, ask: Remembering, name: str, wanted: frozenset[str], lacks: frozenset[str]
) -> list[Read]:
    # One column after the other, so that what one needs hides no other.
    lacks |= {column for column in wanted - lacks if not _readable(table, ask, column)}
    try:
        return _told(table, ask, wanted, lacks)
    except (Refused, *_UNLIKE) as error:
        return [Read(name, None, refused=_reason(error))]


def _readable(table: Table, ask: Remembering, column: str) -> bool:
    try:
        list(table.rows(ask, columns=(column,)))
    except (Refused, *_UNLIKE):
        return False
    return True


def _reason(error: Exception) -> str:
    if isinstance(error, Refused):
        return str(error)
    return f"what Config recorded lacks something ({type(error).__name__}: {error})"


def _key(service: str, operation: str, parameters: Document) -> str:
    return json.dumps([service, operation, parameters], sort_keys=True, default=str)

"""An inventory out of what Config recorded: its aggregator's items, or snapshot files in a folder.

Tables that Config's records do not answer for are named as not looked at, so is an account of which
nothing is recorded, and so are columns that an item does not tell.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from landrail.aws.aggregated import aggregated
from landrail.aws.collecting import EVERY_TABLE, Listener, Place, Unread
from landrail.aws.entering import Entrances, NoEntry
from landrail.aws.errors import message
from landrail.diagnostics import Diagnostic, Failure, Mistakes
from landrail.inventory import Realm, Table
from landrail.inventory.record import Item, item_of
from landrail.inventory.recorded import RECORDER, Read, read, records, unrecorded


@dataclass(frozen=True, slots=True)
class Source:
    """Items, and the accounts of which something is recorded, whatever it is."""

    items: tuple[Item, ...]
    accounts: frozenset[str]


_DELETED = ("ResourceDeleted", "ResourceDeletedNotRecorded")
_Key = tuple[str, str, str, str]


def from_aggregator(entrances: Entrances, account_id: str) -> Source:
    """Return what the aggregator of the audit account has; raises Failure."""
    named = (one for record in records().values() for one in (*record.types, *record.beside))
    types = sorted({*named, RECORDER})
    try:
        who = entrances.reader(account_id)
        return Source(*aggregated(entrances.connection, who, types))
    except NoEntry as error:
        raise Failure(str(error), "the aggregator stands in the audit account") from error
    except (ClientError, BotoCoreError) as error:
        raise Failure(f"asking Config's aggregator: {message(error)}") from error


def from_folder(folder: Path) -> Source:
    """Return what the snapshot files below a folder have, of each resource the latest; raises
    Mistakes where there are none, or a file is none."""
    if not folder.is_dir():
        hint = "--from takes `aggregator`, or a folder with Config's snapshot files"
        raise Mistakes([Diagnostic(f"there is no folder `{folder}`", hint)])
    files = sorted(p for p in folder.rglob("*") if p.name.endswith((".json", ".json.gz")))
    latest: dict[_Key, tuple[str, Mapping[str, Any]]] = {}
    for path in files:
        for given in _read(path):
            taken = str(given.get("configurationItemCaptureTime", ""))
            key = _key(given, path)
            if key not in latest or latest[key][0] <= taken:
                latest[key] = taken, given
    if not latest:
        raise Mistakes([Diagnostic(f"`{folder}` holds no snapshot of Config (*.json, *.json.gz)")])
    items = tuple(
        item_of(one)
        for _, one in latest.values()
        if one.get("configurationItemStatus") not in _DELETED
    )
    return Source(items, frozenset(account for account, *_ in latest))


def replay(
    source: Source,
    realm: Realm,
    places: Iterable[Place],
    tables: Mapping[Table, Collection[str] | None],
    listener: Listener,
) -> None:
    """Read every table of every place from items; tells the listener all there is."""
    for place in places:
        if place.account_id not in source.accounts:
            reason = "Config recorded nothing of it"
            listener.unread(Unread(place.account_id, place.region, EVERY_TABLE, reason))
            continue
        items = [item for item in source.items if item.account_id == place.account_id]
        for table, columns in tables.items():
            if place.first or not table.is_global:
                _replayed(place, realm, table, columns, items, listener)
                listener.done(place, table.name)


def _replayed(
    place: Place,
    realm: Realm,
    table: Table,
    columns: Collection[str] | None,
    items: Sequence[Item],
    listener: Listener,
) -> None:
    record = records().get(table.name)
    where = (place.account_id, place.region)
    if record is None:
        reason = "it is not read from Config's records; without --from it is read from AWS"
        listener.unread(Unread(*where, table.name, reason))
        return
    if reason := unrecorded(record.types, *where, items):
        listener.unread(Unread(*where, table.name, reason))
        return
    found = list(read(table, record, where, realm, items, columns))
    for one in _unread(where, table, found):
        listener.unread(one)
    listener.rows(table, [one.row for one in found if one.row is not None])


def _unread(where: tuple[str, str], table: Table, found: Sequence[Read]) -> Iterator[Unread]:
    """Yield what the items of a table do not tell: what is said of all of them once."""
    rows = [one for one in found if one.row is not None]
    of_all = frozenset.intersection(*(one.unknown for one in rows)) if rows else frozenset()
    reason = "Config's items do not tell it"
    if of_all:
        yield Unread(*where, table.name, reason, tuple(sorted(of_all)))
    for one in found:
        if one.row is None:
            yield Unread(*where, table.name, one.refused, resource=one.resource_id)
        elif more := one.unknown - of_all:
            yield Unread(*where, table.name, reason, tuple(sorted(more)), one.resource_id)


def _read(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        raw = path.read_bytes()
        document = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    except (OSError, EOFError, ValueError) as error:
        raise Mistakes([Diagnostic(f"`{path}` cannot be read: {error}")]) from error
    if isinstance(document, Mapping):
        yield from document.get("configurationItems") or ()


def _key(given: Mapping[str, Any], path: Path) -> _Key:
    try:
        item = item_of(given)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise Mistakes(
            [Diagnostic(f"`{path}` holds something that is no item: {error}")]
        ) from error
    return (item.account_id, item.region, item.resource_type, item.resource_id)

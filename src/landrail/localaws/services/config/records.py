"""What was recorded: the current configuration item of each resource, and those before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from landrail.inventory import Row
from landrail.localaws.services.config.asking import Place
from landrail.localaws.services.config.items import (
    CHANGED,
    DELETED,
    DISCOVERED,
    Document,
    deleted,
    item_of,
    same,
)
from landrail.localaws.store.tables import Tables

_MOST_KEPT = 200
"""Items of one resource; the oldest make room."""


class Records:
    """The items of every account and region."""

    def __init__(self, tables: Tables) -> None:
        """Keep them in the tables `config.items` and `config.history`."""
        self._items = tables.table("config.items")
        self._history = tables.table("config.history")
        self._read = tables.table("config.read")

    def all_of(self, place: Place, resource_type: str | None = None) -> Iterator[Document]:
        """Yield the current items of a place, of one type or of all."""
        narrow = () if resource_type is None else (resource_type,)
        for _, item in self._items.scan(*place, *narrow):
            yield item

    def of(self, place: Place, resource_type: str, resource_id: str) -> Document | None:
        """Return the current item of a resource."""
        found: Document | None = self._items.get(*place, resource_type, resource_id)
        return found

    def history(self, place: Place, resource_type: str, resource_id: str) -> list[Document]:
        """Return the items of a resource, the newest first."""
        kept = [item for _, item in self._history.scan(*place, resource_type, resource_id)]
        return kept[::-1]

    def deleted(self, place: Place, resource_type: str) -> list[Document]:
        """Return the last items of the resources of a type that are gone."""
        last = {key[3]: item for key, item in self._history.scan(*place, resource_type)}
        return [item for item in last.values() if item["configurationItemStatus"] == DELETED]

    def places(self) -> Iterator[Place]:
        """Yield where something was recorded."""
        yield from dict.fromkeys((key[0], key[1]) for key, _ in self._read.scan())

    def last_read(self, place: Place, table: str) -> float | None:
        """Return when a table was last read whole, None where it never was."""
        found: float | None = self._read.get(*place, table)
        return found

    def was_read(self, place: Place, table: str, seconds: float) -> None:
        """Note that a table was read whole."""
        self._read.put(*place, table, value=seconds)

    def forget_reading(self, place: Place) -> None:
        """Have all tables of a place count as not read: its recorder stood still."""
        for key, _ in list(self._read.scan(*place)):
            self._read.delete(*key)

    def record(self, place: Place, row: Row, seconds: float, frequency: str) -> Document:
        """Keep the item of a row where it differs from the one before; return the current one."""
        kind, name = row["resource_type"], row["resource_id"]
        before = self.of(place, kind, name)
        item = item_of(row, CHANGED if before else DISCOVERED, seconds, frequency)
        if before is not None and same(before, item):
            return before
        self._items.put(*place, kind, name, value=item)
        self._keep(place, item)
        return item

    def drop(self, place: Place, kinds: Iterable[str], there: set[str], seconds: float) -> None:
        """Record as deleted what is no longer there; `there` are the ids that are."""
        for kind in kinds:
            for item in list(self.all_of(place, kind)):
                if item["resourceId"] not in there:
                    self.gone(place, kind, item["resourceId"], seconds)

    def gone(self, place: Place, kind: str, resource_id: str, seconds: float) -> None:
        """Record that a resource is gone."""
        item = self.of(place, kind, resource_id)
        if item is not None:
            self._items.delete(*place, kind, resource_id)
            self._keep(place, deleted(item, seconds))

    def _keep(self, place: Place, item: Document) -> None:
        where = (*place, item["resourceType"], item["resourceId"])
        when = f"{item['configurationItemCaptureTime']:017.3f}"
        self._history.put(*where, when, value=item)
        kept = [key for key, _ in self._history.scan(*where)]
        for key in kept[:-_MOST_KEPT]:
            self._history.delete(*key)

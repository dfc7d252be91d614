"""What is kept of each job, model, endpoint, package ...: one document by account, region, name.

A document has the members of the operation that describes it, plus some of ours that begin with
`_` and never leave the service. Times are seconds since the epoch.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.services.sagemaker.validation import operation
from landrail.localaws.store.tables import Tables

Document = dict[str, Any]


class Records:
    """The documents of one kind."""

    def __init__(self, tables: Tables, kind: str) -> None:
        """`kind` is a word of our own, such as `training-job`."""
        self._table = tables.table(f"sagemaker.{kind}")

    def get(self, account: str, region: str, name: str) -> Document | None:
        """Return a document."""
        found: Document | None = self._table.get(account, region, name)
        return found

    def add(self, account: str, region: str, name: str, document: Document) -> bool:
        """Keep a new document; False if the name is taken."""
        return self._table.insert(account, region, name, value=document)

    def change(
        self, account: str, region: str, name: str, change: Callable[[Document], None]
    ) -> Document | None:
        """Change a document in place with no other writer between; None if it is gone."""

        def apply(document: Document | None) -> Document | None:
            if document is not None:
                change(document)
            return document

        if self._table.get(account, region, name) is None:
            return None
        changed: Document | None = self._table.update(account, region, name, change=apply)
        return changed

    def delete(self, account: str, region: str, name: str) -> bool:
        """Forget a document; False if there was none."""
        return self._table.delete(account, region, name)

    def all(self, account: str, region: str) -> list[Document]:
        """Return the documents of an account and region, by name."""
        return [document for _, document in self._table.scan(account, region) if document]

    def everywhere(self) -> Iterator[tuple[str, str, str, Document]]:
        """Yield account, region, name and document of all there are."""
        for key, document in list(self._table.scan()):
            if document is not None:
                yield key[0], key[1], key[2], document


def now() -> float:
    """Return the time as documents keep it."""
    return round(time.time(), 3)


def to_document(value: Any) -> Any:
    """Return parameters in a form that can be kept."""
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, Mapping):
        return {key: to_document(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_document(item) for item in value]
    return value


def to_result(name: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an operation answers of a document: its output's members, times as datetimes."""
    result: dict[str, Any] = _shaped(operation("sagemaker", name).output_shape, document)
    return result


def _shaped(shape: Any, value: Any) -> Any:
    kind = shape.type_name
    if kind == "structure":
        return {
            key: _shaped(shape.members[key], item)
            for key, item in value.items()
            if key in shape.members and item is not None
        }
    if kind == "list":
        return [_shaped(shape.member, item) for item in value]
    if kind == "map":
        return {key: _shaped(shape.value, item) for key, item in value.items()}
    if kind == "timestamp":
        return datetime.fromtimestamp(value, UTC)
    return value

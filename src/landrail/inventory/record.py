"""What Config recorded of a resource, and which answers of AWS stand in it. Values only.

A record says which answers of AWS's read operations stand in Config's items of its types; who asks
for them is not known here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from landrail.inventory.table import Row

Document = Mapping[str, Any]
Shape = tuple[Any, dict[str, Any]]
"""A configuration, and what is supplementary to it."""
SETTING = "supplementary."
"""Before the name of a setting, where members of the configuration are named too."""


@dataclass(frozen=True, slots=True)
class Item:
    """A configuration item: what Config recorded of one resource. `settings` is what it calls
    supplementary."""

    account_id: str
    region: str
    resource_type: str
    resource_id: str
    name: str
    arn: str
    created: str | None
    tags: Mapping[str, str]
    configuration: Document
    settings: Document

    @property
    def texts(self) -> dict[str, str]:
        """Its configuration as attributes, which are texts however Config writes them."""
        return {
            name: given if isinstance(given, str) else json.dumps(given)
            for name, given in self.configuration.items()
            if given is not None
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What AWS would answer to an operation; a text in the place of an answer is an error's
    code."""

    service: str
    operation: str
    parameters: Document
    answer: Document | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How the items of some types answer for a table: `answers` yields what the items of one row,
    and those of the types `beside`, answer to; where `together`, all items of one account and
    region make one row, which there is without any too. `shape` is the other way: what Config
    writes of a row, None where it is what AWS describes. `never` are columns that Config records
    nothing of; `only_where` are those that are known only where an item has a member, which Config
    has not always written."""

    table: str
    types: tuple[str, ...]
    answers: Callable[[tuple[Item, ...]], Iterator[Answer]]
    shape: Callable[[Row], Shape] | None = None
    beside: tuple[str, ...] = ()
    together: bool = False
    never: frozenset[str] = frozenset()
    only_where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def unknown(self, item: Item) -> frozenset[str]:
        """Return the columns that an item says nothing of."""
        absent = (
            column
            for member, columns in self.only_where.items()
            if not _has(item, member)
            for column in columns
        )
        return self.never.union(absent)


def _has(item: Item, member: str) -> bool:
    if member.startswith(SETTING):
        return member.removeprefix(SETTING) in item.settings
    return member in item.configuration


def item_of(given: Document) -> Item:
    """Return an item of Config's: as in its snapshot files, its queries or its API; raises
    ValueError or KeyError where it is none."""
    return Item(
        account_id=str(given.get("awsAccountId") or given["accountId"]),
        region=str(given["awsRegion"]),
        resource_type=str(given["resourceType"]),
        resource_id=str(given["resourceId"]),
        name=str(given.get("resourceName") or given["resourceId"]),
        arn=str(given.get("arn") or given.get("ARN") or ""),
        created=given.get("resourceCreationTime"),
        tags=_tags(given.get("tags")),
        configuration=parsed(given.get("configuration")),
        settings={
            name: parsed(value)
            for name, value in parsed(given.get("supplementaryConfiguration")).items()
        },
    )


def parsed(value: Any) -> Any:
    """Return a part of an item, which Config writes as an object or as its JSON text."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        return json.loads(value)
    return {} if value in (None, "", "null") else value


def _tags(given: Any) -> Mapping[str, str]:
    """Return tags, which queries write as a list."""
    held = parsed(given)
    if isinstance(held, Mapping):
        return {str(key): str(value) for key, value in held.items()}
    return {str(tag["key"]): str(tag["value"]) for tag in held}

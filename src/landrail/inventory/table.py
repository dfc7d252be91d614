"""What a table of the inventory is: its columns, and how its rows are read.

Columns hold plain facts (texts, booleans, whole numbers, times), so that a rule's predicate is the
same SQL in DuckDB and in Athena. What takes judgement (is this bucket policy public?) is judged
when the row is read, by `landrail.policy` where it is about policies. Values only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from landrail.inventory.ask import Ask, remembering

Kind = Literal["text", "boolean", "integer", "time", "json"]
Row = Mapping[str, Any]
"""A row by column; a column that is left out is null. `time` is a datetime with its zone, `json` a
value that can be written as JSON."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it is called, what it holds, and in a few words what it says."""

    name: str
    kind: Kind
    says: str


COMMON = (
    Column("account_id", "text", "the account that the resource is in"),
    Column("region", "text", "the region that it is in; of a global one, where it was asked for"),
    Column("resource_type", "text", "its type, as CloudFormation and Config name it"),
    Column("resource_id", "text", "its id, as Config records it"),
    Column("resource_name", "text", "its name"),
    Column("arn", "text", "its ARN"),
    Column("created", "time", "when it was made, where AWS says so"),
    Column("tags", "json", "its tags, as an object"),
    Column("tag_keys", "text", "the keys of its tags but AWS's own, each between commas"),
    Column("configuration", "json", "what AWS describes of it"),
)
"""What every table has; reading fills in `account_id`, `region`, `resource_type` and `tag_keys`
itself."""


def listed(values: Iterable[str]) -> str:
    """Return texts as a column holds several: each between commas, in order; a comma for none."""
    return ",".join(["", *values, ""]) if (values := sorted(set(values))) else ","


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One resource type. `services` are those whose changes can change a row (boto3's names);
    `collect` yields all rows of an account and region; `one` yields the row of one resource id, or
    nothing where it is gone, and is None where all are read again; `reads` are the IAM actions
    that reading takes; `is_global` marks what an account has once, not in each region; `also` are
    further resource types that its rows may be of."""

    name: str
    resource_type: str
    services: tuple[str, ...]
    columns: tuple[Column, ...]
    collect: Callable[[Ask], Iterator[Row]]
    one: Callable[[Ask, str], Iterator[Row]] | None = None
    reads: tuple[str, ...]
    is_global: bool = False
    also: tuple[str, ...] = ()

    @property
    def every_column(self) -> tuple[Column, ...]:
        """The common columns, then its own."""
        return (*COMMON, *self.columns)

    def rows(
        self, ask: Ask, resource_id: str | None = None, columns: Collection[str] | None = None
    ) -> Iterator[Row]:
        """Yield complete rows, of one resource or of all; raises Refused. Where `columns` are
        given, what others take is not asked for, and they may be null."""
        asked = remembering(ask)
        if columns is not None:
            asked = asked.wanting(columns)
        one = self.one if resource_id is not None else None
        found = self.collect(asked) if one is None else one(asked, resource_id or "")
        for row in found:
            if resource_id in (None, row["resource_id"]):
                yield {
                    **{column.name: None for column in self.every_column},
                    "account_id": ask.account,
                    "region": ask.region,
                    "resource_type": self.resource_type,
                    "tag_keys": _tag_keys(row.get("tags")),
                    **row,
                }


def _tag_keys(tags: Mapping[str, str] | None) -> str | None:
    return None if tags is None else listed(key for key in tags if not key.startswith("aws:"))

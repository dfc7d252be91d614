"""What a query is when it has been read. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scalar = str | int | float | bool
Function = Literal["COUNT", "AVG", "MAX", "MIN", "SUM"]


class Wrong(Exception):
    """An expression that is no query, and why."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property of an item, by its path."""

    path: tuple[str, ...]

    @property
    def text(self) -> str:
        """As it is written."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A function over the items of a group; without a property it counts items."""

    function: Function
    of: Property | None
    distinct: bool = False

    @property
    def text(self) -> str:
        """As it is written."""
        inner = self.of.text if self.of else "*"
        return f"{self.function}({'DISTINCT ' if self.distinct else ''}{inner})"


@dataclass(frozen=True, slots=True)
class Selected:
    """What is selected, and under which name."""

    what: Property | Aggregate
    alias: str | None = None

    @property
    def name(self) -> str:
        """How the field is called."""
        return self.alias or self.what.text


@dataclass(frozen=True, slots=True)
class Comparison:
    """A property compared with values: `=`, `<>`, `<`, `>`, `<=`, `>=`, `IN`, `BETWEEN`, `LIKE` or
    `IS NULL`."""

    property: Property
    operator: str
    values: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    of: Condition


@dataclass(frozen=True, slots=True)
class All:
    """All of some conditions."""

    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """One of some conditions."""

    of: tuple[Condition, ...]


Condition = Comparison | Not | All | Any


@dataclass(frozen=True, slots=True)
class Order:
    """An order by what is selected, or by another property."""

    by: Property | Aggregate
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole query; `selected` is empty for `*`."""

    selected: tuple[Selected, ...]
    where: Condition | None = None
    group: tuple[Property, ...] = ()
    order: tuple[Order, ...] = ()
    limit: int | None = None

    @property
    def aggregates(self) -> bool:
        """Whether it answers of groups."""
        return bool(self.group) or any(isinstance(s.what, Aggregate) for s in self.selected)

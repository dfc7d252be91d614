"""What a Guard policy is when it has been read: rules of clauses over queries. Values only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression."""

    expression: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Range:
    """A range of numbers or characters, with or without its bounds."""

    low: Any
    high: Any
    low_is_in: bool
    high_is_in: bool


@dataclass(frozen=True, slots=True)
class Key:
    """A member by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """An element by its number."""

    number: int


@dataclass(frozen=True, slots=True)
class Every:
    """All members or elements; `elements` for `[*]`, which leaves an object as it is."""

    elements: bool


@dataclass(frozen=True, slots=True)
class Variable:
    """What a variable stands for: values at the beginning of a query, names within it."""

    name: str


@dataclass(frozen=True, slots=True)
class This:
    """The value that a block or filter is about."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Only what meets conditions."""

    conditions: Conditions


@dataclass(frozen=True, slots=True)
class Keys:
    """Only members whose names compare so."""

    operator: str
    negated: bool
    value: Value


Part = Key | Index | Every | Variable | This | Filter | Keys


@dataclass(frozen=True, slots=True)
class Query:
    """A way into a document; `some`: it is enough that one of the values found does."""

    parts: tuple[Part, ...]
    text: str
    some: bool = False


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that stands in the text."""

    value: Any


Value = Query | Literal


@dataclass(frozen=True, slots=True)
class Clause:
    """One question: a query, an operator, and what it is compared with."""

    query: Query
    operator: str
    negated: bool
    value: Value | None
    message: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """Whether another rule passes."""

    rule: str
    negated: bool
    message: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """Clauses about each value of a query, or about the same value where there is none; `when`
    says whether at all."""

    query: Query | None
    when: Conditions | None
    body: Body


Question = Clause | Named | Block
Conditions = tuple[tuple[Question, ...], ...]
"""All of which must hold; of each, one of the alternatives."""


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between braces: variables and conditions."""

    variables: Mapping[str, Value]
    conditions: Conditions


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule."""

    name: str
    when: Conditions | None
    body: Body


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole text."""

    rules: Mapping[str, Rule]
    variables: Mapping[str, Value] = field(default_factory=dict)

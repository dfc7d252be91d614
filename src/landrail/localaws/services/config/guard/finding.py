"""What a query finds in a document. A member that is not there is found as ABSENT: what is asked of
it fails, where a filter that leaves nothing says nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from landrail.localaws.services.config.guard import comparing
from landrail.localaws.services.config.guard.syntax import (
    Conditions,
    Every,
    Filter,
    Index,
    Key,
    Keys,
    Literal,
    Part,
    Query,
    This,
    Value,
    Variable,
)

ABSENT = object()
Holds = Callable[[Conditions, "Scope"], bool]


class Scope:
    """A value that conditions are about, with the variables that they see."""

    def __init__(
        self, value: Any, variables: Mapping[str, Value], outer: Scope | None, holds: Holds
    ) -> None:
        """`holds` answers conditions of filters."""
        self.value = value
        self.holds = holds
        self._variables, self._outer = variables, outer
        self._known: dict[str, list[Any]] = {}

    def within(self, value: Any, variables: Mapping[str, Value]) -> Scope:
        """Return a scope in this one, about a value."""
        return Scope(value, variables, self, self.holds)

    def variable(self, name: str) -> list[Any]:
        """Return the values of a variable; none of one that is not there."""
        if name not in self._variables:
            return self._outer.variable(name) if self._outer is not None else [ABSENT]
        if name not in self._known:
            self._known[name] = [ABSENT]
            given = self._variables[name]
            found = [given.value] if isinstance(given, Literal) else find(given, self)
            self._known[name] = found
        return self._known[name]


def find(query: Query, scope: Scope) -> list[Any]:
    """Return what a query finds."""
    first, *parts = query.parts
    if isinstance(first, Variable):
        values = scope.variable(first.name)
    elif isinstance(first, This):
        values = [scope.value]
    else:
        values = list(_step(first, scope.value, scope))
    for part in parts:
        values = [
            found
            for value in values
            for found in ([ABSENT] if value is ABSENT else _step(part, value, scope))
        ]
    if query.some:
        return [value for value in values if value is not ABSENT]
    return values


def _step(part: Part, value: Any, scope: Scope) -> Iterator[Any]:
    if isinstance(part, Key):
        yield _member(value, part.name)
    elif isinstance(part, Index):
        yield _element(value, part.number)
    elif isinstance(part, Every):
        yield from _every(value, part.elements)
    elif isinstance(part, Variable):
        for name in scope.variable(part.name):
            for one in name if isinstance(name, list) else [name]:
                yield _member(value, one) if isinstance(one, str) else ABSENT
    elif isinstance(part, Filter):
        for one in value if isinstance(value, list) else [value]:
            if scope.holds(part.conditions, scope.within(one, {})):
                yield one
    elif isinstance(part, Keys):
        yield from _by_keys(part, value, scope)
    else:
        yield value


def _member(value: Any, name: str) -> Any:
    if not isinstance(value, Mapping):
        return ABSENT
    # Guard tries a name in other cases too, where it is not there as it was written.
    for one in (name, name[:1].lower() + name[1:], name[:1].upper() + name[1:]):
        if one in value:
            return value[one]
    return ABSENT


def _element(value: Any, number: int) -> Any:
    if isinstance(value, list) and -len(value) <= number < len(value):
        return value[number]
    return ABSENT


def _every(value: Any, elements: bool) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value
    elif isinstance(value, Mapping) and not elements:
        yield from value.values()
    else:
        yield value


def _by_keys(part: Keys, value: Any, scope: Scope) -> Iterator[Any]:
    if not isinstance(value, Mapping):
        yield ABSENT
        return
    given = part.value
    others = [given.value] if isinstance(given, Literal) else find(given, scope)
    wanted = [one for other in others for one in (other if isinstance(other, list) else [other])]
    for name, one in value.items():
        if any(comparing.equal(name, other) for other in wanted) != part.negated:
            yield one

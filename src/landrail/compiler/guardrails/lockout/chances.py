"""Whether a call has a chance past several statements: values of the keys that are not known of it
with which none of them denies it. Where there are none, they deny it between them, whatever each
lets through.

Few values stand for all: those that conditions name, what their patterns fit, one beside all of
them, and none. Whether a condition holds is asked of the engine that decides calls.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network
from itertools import combinations

from landrail.policy import ContextValue, Principal, Request
from landrail.policy.conditions import CompiledCondition
from landrail.policy.facts import Facts
from landrail.policy.lint.known import Known, known

Clauses = tuple[tuple[CompiledCondition, ...], ...]
"""Of each statement, the conditions that are not known to hold."""
_ABSENT = None
_Value = ContextValue | None
_FRESH: Mapping[str, str] = {
    "String": "landrail-none-of-these",
    "ARN": "arn:aws:none:none:999999999999:landrail-none-of-these",
    "Numeric": "918273645",
    "Date": "2071-03-04T05:06:07Z",
    "Bool": "true",
    "IPAddress": "198.51.100.77",
    "Binary": "bGFuZHJhaWw=",
}
"""A value that no policy names, of each type of keys."""
_FAMILIES = (("Numeric", "Numeric"), ("Date", "Date"), ("Bool", "Bool"), ("Arn", "ARN"))
_ANYBODY = Principal("anonymous", "", None)
_MOST_STEPS = 20_000
"""After so many attempts a call is taken to have a chance."""
_MOST_TOGETHER = 3
"""Values of a key that has several at once."""


def has_chance(clauses: Clauses, carried: frozenset[str] = frozenset()) -> bool:
    """Whether some values of the keys let a call past all of some statements; `carried` are keys
    that it has some value of."""
    if any(not clause for clause in clauses):
        return False
    return _Search(clauses, carried).found(clauses, {})


@dataclass
class _Search:
    """One search, with what it tries for each key."""

    clauses: Clauses
    carried: frozenset[str]
    steps: int = 0

    def __post_init__(self) -> None:
        tests: dict[str, list[CompiledCondition]] = {}
        for clause in self.clauses:
            for condition in clause:
                tests.setdefault(condition.key, []).append(condition)
        self._values = {
            key: tuple(v for v in _values(key, about) if v or key not in self.carried)
            for key, about in tests.items()
        }

    def found(self, left: Clauses, chosen: Mapping[str, _Value]) -> bool:
        """Whether values of the other keys let a call past the statements that are left."""
        self.steps += 1
        if not left or self.steps > _MOST_STEPS:
            return True
        clause = min(left, key=len)
        for condition in clause:
            for value in self._values[condition.key]:
                if _holds(condition, value, chosen):
                    continue
                now = {**chosen, condition.key: value}
                rest = _past(left, condition.key, now)
                if rest is not None and self.found(rest, now):
                    return True
        return False


def _past(left: Clauses, key: str, chosen: Mapping[str, _Value]) -> Clauses | None:
    """Return what is left to get past once a key has a value; None where a statement denies."""
    rest = []
    for clause in left:
        about = [condition for condition in clause if condition.key == key]
        if not all(_holds(condition, chosen[key], chosen) for condition in about):
            continue
        others = tuple(condition for condition in clause if condition.key != key)
        if not others:
            return None
        rest.append(others)
    return tuple(rest)


def _holds(condition: CompiledCondition, value: _Value, chosen: Mapping[str, _Value]) -> bool:
    every = {**chosen, condition.key: value}
    context = {name: given for name, given in every.items() if given is not None}
    return condition.holds(Facts(Request(_ANYBODY, "any:Action", "*", None, context)))


def _values(key: str, conditions: Sequence[CompiledCondition]) -> Iterator[_Value]:
    about = known(key)
    family = about.family if about is not None else _family(conditions)
    if about is None or not about.always:
        yield _ABSENT
    named = dict.fromkeys(_named(family, conditions))
    fresh = [] if family == "Bool" else [_FRESH[family]]
    if not _several(about, conditions):
        yield from (*fresh, *named)
        return
    yield ()
    for count in range(1, _MOST_TOGETHER + 1):
        yield from combinations((*fresh, *named), count)


def _several(about: Known | None, conditions: Iterable[CompiledCondition]) -> bool:
    quantified = any(condition.test.quantifier for condition in conditions)
    return about.many if about is not None else quantified


def _family(conditions: Iterable[CompiledCondition]) -> str:
    """Return the type that the operators take a key for which nothing is known of."""
    for condition in conditions:
        operator = condition.test.operator
        for begin, family in _FAMILIES:
            if operator.startswith(begin):
                return family
        if "IpAddress" in operator:
            return "IPAddress"
    return "String"


def _named(family: str, conditions: Iterable[CompiledCondition]) -> Iterator[str]:
    given = [v for c in conditions if c.test.operator != "Null" for v in c.test.values]
    if family == "Bool":
        yield from ("true", "false")
    elif family == "Numeric":
        yield from _near(given)
    elif family == "Date":
        yield from _about(given)
    elif family == "IPAddress":
        yield from _within(given)
    else:
        yield from _fitting(given)


def _near(given: Iterable[str]) -> Iterator[str]:
    for value in given:
        if re.fullmatch(r"-?\d+(\.\d+)?", value):
            number = float(value)
            yield from (f"{number + beside:g}" for beside in (-1, 0, 1))


def _about(given: Iterable[str]) -> Iterator[str]:
    for value in given:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            yield value
            continue
        for seconds in (-1, 0, 1):
            yield (moment + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def _within(given: Iterable[str]) -> Iterator[str]:
    for value in given:
        try:
            yield str(ip_network(value, strict=False).network_address)
        except ValueError:
            continue


def _fitting(given: Iterable[str]) -> Iterator[str]:
    """Yield texts that patterns fit, alone and each with what another one asks for."""
    patterns = list(dict.fromkeys(given))
    plain = [_filled(pattern, "") for pattern in patterns]
    for pattern in patterns:
        yield _filled(pattern, "x")
        yield _filled(pattern, "")
        if "*" in pattern:
            for other in plain:
                yield _filled(pattern, other)


def _filled(pattern: str, text: str) -> str:
    first, star, rest = pattern.partition("*")
    filled = f"{first}{text}{rest.replace('*', '')}" if star else pattern
    return filled.replace("?", "x")

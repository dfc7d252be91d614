"""Event patterns: content filtering as EventBridge documents it.

A pattern that cannot be understood is an error, never a match.
"""

from __future__ import annotations

import ipaddress
import json
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

_COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}
_MISSING = object()
Test = Callable[[Any, object], bool]


class InvalidPattern(Exception):
    """What is wrong in a pattern."""


def parse(text: str) -> dict[str, Any]:
    """Read a pattern; raises InvalidPattern."""
    try:
        found = json.loads(text)
    except ValueError as wrong:
        raise InvalidPattern(f"not JSON: {wrong}") from wrong
    if not isinstance(found, dict) or not found:
        raise InvalidPattern("a pattern is an object that is not empty")
    _check(found, "")
    return found


def matches(pattern: Mapping[str, Any], event: object) -> bool:
    """Say whether an event matches; `pattern` comes from `parse`."""
    if isinstance(event, list):
        return any(matches(pattern, one) for one in event)
    if not isinstance(event, Mapping):
        event = {}
    return all(_field(name, wanted, event) for name, wanted in pattern.items())


def _field(name: str, wanted: Any, event: Mapping[str, Any]) -> bool:
    if name == "$or":
        return any(matches(one, event) for one in wanted)
    value = event.get(name, _MISSING)
    if isinstance(wanted, Mapping):
        return matches(wanted, {} if value is _MISSING else value)
    return any(_filter(one, value) for one in wanted)


def _filter(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, Mapping) and "exists" in wanted:
        there = value is not _MISSING and not (isinstance(value, Mapping) and value)
        return there is bool(wanted["exists"])
    values = list(_leaves(value))
    if isinstance(wanted, Mapping):
        (name, rule), *_ = wanted.items()
        return any(_TESTS[name](rule, one) for one in values)
    return any(_equal(wanted, one) for one in values)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    elif value is not _MISSING and not isinstance(value, Mapping):
        yield value


def _equal(wanted: Any, value: Any) -> bool:
    return bool(wanted == value) and isinstance(wanted, bool) is isinstance(value, bool)


def _text(test: Callable[[str, str], bool], rule: Any, value: object) -> bool:
    """Apply a test of two texts; the rule may be `{"equals-ignore-case": TEXT}`."""
    if not isinstance(value, str):
        return False
    if isinstance(rule, Mapping):
        return test(value.lower(), str(rule["equals-ignore-case"]).lower())
    return test(value, str(rule))


def _numeric(rule: list[Any], value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    pairs = zip(rule[::2], rule[1::2], strict=True)
    return all(_COMPARE[sign](value, number) for sign, number in pairs)


def _cidr(rule: str, value: object) -> bool:
    try:
        return ipaddress.ip_address(str(value)) in ipaddress.ip_network(rule)
    except ValueError:
        return False


def _wildcard(rule: str, value: object) -> bool:
    parts = re.split(r"(\\\*|\\\\|\*)", rule)
    signs = {"*": ".*", r"\*": r"\*", "\\\\": r"\\"}
    pattern = "".join(signs.get(part, re.escape(part)) for part in parts)
    return isinstance(value, str) and re.fullmatch(pattern, value, re.DOTALL) is not None


def _anything_but(rule: Any, value: object) -> bool:
    if isinstance(rule, Mapping):
        (name, inner), *_ = rule.items()
        many = inner if isinstance(inner, list) else [inner]
        return not any(_TESTS[name](one, value) for one in many)
    many = rule if isinstance(rule, list) else [rule]
    return not any(_equal(one, value) for one in many)


def _same(value: str, rule: str) -> bool:
    return value.lower() == rule.lower()


_TESTS: Mapping[str, Test] = {
    "prefix": partial(_text, str.startswith),
    "suffix": partial(_text, str.endswith),
    "equals-ignore-case": partial(_text, _same),
    "wildcard": _wildcard,
    "numeric": _numeric,
    "cidr": _cidr,
    "anything-but": _anything_but,
}


def _check(pattern: Mapping[str, Any], where: str) -> None:
    for name, wanted in pattern.items():
        here = f"{where}.{name}" if where else name
        if name == "$or":
            if not isinstance(wanted, list) or len(wanted) < 2:
                raise InvalidPattern(f"{here}: a list of at least two patterns is wanted")
            for one in wanted:
                if not isinstance(one, Mapping):
                    raise InvalidPattern(f"{here}: each alternative is an object")
                _check(one, where)
        elif isinstance(wanted, Mapping):
            if not wanted:
                raise InvalidPattern(f"{here}: an empty object")
            _check(wanted, here)
        elif not isinstance(wanted, list):
            raise InvalidPattern(f'"{here}" must be an object or an array')
        elif not wanted:
            raise InvalidPattern(f"{here}: an empty array")
        else:
            for one in wanted:
                _check_filter(one, here)


def _check_filter(wanted: Any, where: str) -> None:
    if isinstance(wanted, list):
        raise InvalidPattern(f"{where}: a list in a list")
    if not isinstance(wanted, Mapping):
        return
    if len(wanted) != 1:
        raise InvalidPattern(f"{where}: only one key allowed in match expression")
    (name, rule), *_ = wanted.items()
    if name == "exists":
        if not isinstance(rule, bool):
            raise InvalidPattern(f"{where}: exists takes true or false")
        return
    if name not in _TESTS:
        raise InvalidPattern(f"{where}: unrecognized match type {name}")
    if name == "numeric":
        _check_numeric(rule, where)
    elif name == "anything-but":
        if isinstance(rule, Mapping):
            inner = next(iter(rule), None)
            if len(rule) != 1 or inner not in _TESTS or inner in ("numeric", "anything-but"):
                raise InvalidPattern(f"{where}: anything-but cannot take {inner}")
        elif rule == [] or isinstance(rule, bool):
            raise InvalidPattern(f"{where}: anything-but takes texts or numbers")
    elif isinstance(rule, Mapping):
        if name not in ("prefix", "suffix") or set(rule) != {"equals-ignore-case"}:
            raise InvalidPattern(f"{where}: {name} cannot take an object")
    elif not isinstance(rule, str):
        raise InvalidPattern(f"{where}: {name} takes a text")


def _check_numeric(rule: Any, where: str) -> None:
    if not isinstance(rule, list) or not rule or len(rule) % 2:
        raise InvalidPattern(f"{where}: numeric takes a list of comparisons and numbers")
    for sign, number in zip(rule[::2], rule[1::2], strict=True):
        if sign not in _COMPARE or isinstance(number, bool) or not isinstance(number, int | float):
            raise InvalidPattern(f"{where}: numeric cannot take {sign} {number}")

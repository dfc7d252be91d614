"""A query run over configuration items. Where a property goes through a list, every element counts:
a comparison holds where it does for one."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cmp_to_key
from typing import Any

from landrail.localaws.services.config.select import statement as asked
from landrail.localaws.services.config.select.statement import (
    Aggregate,
    Comparison,
    Condition,
    Property,
    Selected,
    Statement,
)

Item = Mapping[str, Any]
_EVERYTHING = tuple(
    Selected(Property((name,)))
    for name in (
        *("accountId", "arn", "availabilityZone", "awsRegion", "configurationItemCaptureTime"),
        *("configurationItemStatus", "configurationStateId", "resourceCreationTime"),
        *("resourceId", "resourceName", "resourceType", "version"),
    )
)


def run(query: Statement, items: Iterable[Item]) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the names of the fields and what is found."""
    found = [item for item in items if query.where is None or _holds(query.where, item)]
    selected = query.selected or _EVERYTHING
    groups = _grouped(query, found) if query.aggregates else [[item] for item in found]
    for order in reversed(query.order):
        groups.sort(key=_key(order.by), reverse=order.descending)
    if query.limit is not None:
        groups = groups[: query.limit]
    return [one.name for one in selected], [_row(selected, group) for group in groups]


def _grouped(query: Statement, items: list[Item]) -> list[list[Item]]:
    if not query.group:
        return [items]
    groups: dict[str, list[Item]] = {}
    for item in items:
        key = repr([list(_values(item, one.path)) for one in query.group])
        groups.setdefault(key, []).append(item)
    return list(groups.values())


def _row(selected: Iterable[Selected], group: list[Item]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for one in selected:
        if isinstance(one.what, Aggregate):
            row[one.name] = _aggregate(one.what, group)
        elif one.alias is not None:
            row[one.alias] = _plain([*_values(group[0], one.what.path)])
        else:
            _merge(row, _cut(group[0], one.what.path))
    return row


def _plain(values: list[Any]) -> Any:
    return None if not values else values[0] if len(values) == 1 else values


def _cut(value: Any, path: tuple[str, ...]) -> Any:
    """Return the part of a document along a path, as deep as it stands there."""
    if not path:
        return value
    if isinstance(value, list):
        parts = [_cut(one, path) for one in value]
        return [part for part in parts if part is not None and part != {}]
    found = _member(value, path[0])
    cut = None if found is None else _cut(found, path[1:])
    return {} if cut is None else {path[0]: cut}


def _merge(row: dict[str, Any], part: Any) -> None:
    for name, value in (part or {}).items():
        there = row.get(name)
        if isinstance(there, dict) and isinstance(value, dict):
            _merge(there, value)
        elif isinstance(there, list) and isinstance(value, list) and len(there) == len(value):
            for left, right in zip(there, value, strict=True):
                _merge(left, right)
        else:
            row[name] = _copied(value)


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(one) for name, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _values(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    if isinstance(value, list):
        for one in value:
            yield from _values(one, path)
    elif path:
        found = _member(value, path[0])
        if found is not None:
            yield from _values(found, path[1:])
    else:
        yield value


def _aggregate(what: Aggregate, group: list[Item]) -> Any:
    if what.of is None:
        return len(group)
    values = [value for item in group for value in _values(item, what.of.path)]
    if what.distinct:
        values = list({repr(value): value for value in values}.values())
    if what.function == "COUNT":
        return len(values)
    if what.function in ("MAX", "MIN"):
        pick: Callable[..., Any] = max if what.function == "MAX" else min
        return pick(values, key=cmp_to_key(_compared)) if values else None
    numbers = [float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    if not numbers:
        return None
    total = sum(numbers, 0.0)
    told = total if what.function == "SUM" else total / len(numbers)
    return int(told) if told.is_integer() else told


def _key(by: Property | Aggregate) -> Callable[[list[Item]], Any]:
    def value(group: list[Item]) -> Any:
        if isinstance(by, Aggregate):
            return _aggregate(by, group)
        return next(_values(group[0], by.path), None) if group else None

    ordered = cmp_to_key(_compared)
    return lambda group: ordered(value(group))


def _compared(left: Any, right: Any) -> int:
    """Order any two values: nothing first, then numbers, then texts."""
    first, second = _rank(left), _rank(right)
    return (first > second) - (first < second)


def _rank(value: Any) -> tuple[int, Any]:
    if value is None:
        return 0, 0
    if isinstance(value, bool | int | float):
        return 1, float(value)
    return 2, str(value)


def _holds(condition: Condition, item: Item) -> bool:
    if isinstance(condition, asked.Not):
        return not _holds(condition.of, item)
    if isinstance(condition, asked.All):
        return all(_holds(one, item) for one in condition.of)
    if isinstance(condition, asked.Any):
        return any(_holds(one, item) for one in condition.of)
    values = [*_values(item, condition.property.path)]
    if condition.operator == "IS NULL":
        return not values
    if condition.operator == "<>":
        same = any(_is(value, "=", condition.values[0]) for value in values)
        return bool(values) and not same
    return any(_meets(value, condition) for value in values)


def _meets(value: Any, asks: Comparison) -> bool:
    if asks.operator == "IN":
        return any(_is(value, "=", one) for one in asks.values)
    if asks.operator == "BETWEEN":
        low, high = asks.values
        return _is(value, ">=", low) and _is(value, "<=", high)
    if asks.operator == "LIKE":
        return _like(str(asks.values[0])).fullmatch(str(value)) is not None
    return _is(value, asks.operator, asks.values[0])


def _like(pattern: str) -> re.Pattern[str]:
    wild = {"%": ".*", "_": "."}
    return re.compile("".join(wild.get(c) or re.escape(c) for c in pattern), re.DOTALL)


def _is(value: Any, operator: str, wanted: Any) -> bool:
    if operator == "=" and _is_within(value, wanted):
        return True
    left, right = _comparable(value, wanted)
    if left is None:
        return False
    answers: dict[str, Callable[[], bool]] = {
        "=": lambda: bool(left == right),
        "<": lambda: bool(left < right),
        ">": lambda: bool(left > right),
        "<=": lambda: bool(left <= right),
        ">=": lambda: bool(left >= right),
    }
    return answers[operator]()


def _comparable(value: Any, wanted: Any) -> tuple[Any, Any]:
    """Return two values as the same kind, None where they cannot be."""
    if isinstance(value, dict):
        return None, None
    if isinstance(value, bool) or isinstance(wanted, bool):
        return str(value).lower(), str(wanted).lower()
    if isinstance(value, int | float) or isinstance(wanted, int | float):
        try:
            return float(value), float(wanted)
        except ValueError:
            return None, None
    left, right = _address(value), _address(wanted)
    if left is not None and right is not None and left.version == right.version:
        return left, right
    return str(value), str(wanted)


def _address(value: Any) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(str(value))
    except ValueError:
        return None


def _is_within(value: Any, wanted: Any) -> bool:
    """Whether an address or block lies within a block that is asked for."""
    if not isinstance(wanted, str) or "/" not in wanted or not isinstance(value, str):
        return False
    try:
        block = ipaddress.ip_network(wanted)
        there = ipaddress.ip_network(value)
    except ValueError:
        return False
    return there.version == block.version and there.subnet_of(block)  # type: ignore[arg-type]  # of one version

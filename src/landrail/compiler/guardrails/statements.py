"""Statements of one guardrail, merged where nothing but their actions differs and split where one
is longer than a policy may be. Each keeps a Sid that begins with the guardrail's name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from landrail.compiler.limits import size
from landrail.guardrails.statements import Statement

_ROOM = len('{"Version":"2012-10-17","Statement":[]}')
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def merged(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return the statements with those as one that differ in their actions alone."""
    groups: dict[str, list[Statement]] = {}
    for statement in statements:
        rest = {k: v for k, v in statement.items() if k not in ("Sid", "Action")}
        key = json.dumps(rest, sort_keys=True) if "Action" in statement else str(len(groups))
        groups.setdefault(key, []).append(statement)
    return tuple(_one(group) for group in groups.values())


def fitting(statement: Statement, limit: int) -> Iterator[Statement]:
    """Yield a statement, in parts by its actions where it is longer than a policy of `limit`
    characters takes; one that cannot be parted is left as it is, and found to be too long."""
    if length(statement) <= limit - _ROOM:
        yield statement
        return
    actions = statement.get("Action")
    if not isinstance(actions, list) or len(actions) < 2:
        yield statement
        return
    rest = {k: v for k, v in statement.items() if k != "Action"}
    room = limit - _ROOM - length({**rest, "Action": [], "Sid": f"{rest.get('Sid', '')}aa"})
    for number, part in enumerate(_parts(actions, room)):
        yield {"Sid": f"{statement.get('Sid', '')}{_letters(number)}", **_without_sid(rest, part)}


def length(statement: Statement) -> int:
    """Return the characters of a statement in a policy."""
    return size(statement)


def document_length(lengths: Sequence[int]) -> int:
    """Return the characters of a policy of statements of these lengths."""
    return _ROOM + sum(lengths) + max(len(lengths) - 1, 0)


def _one(group: Sequence[Statement]) -> Statement:
    if len(group) == 1:
        return group[0]
    actions = dict.fromkeys(action for one in group for action in _listed(one["Action"]))
    return {**group[0], "Action": list(actions)}


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _without_sid(rest: Statement, actions: list[str]) -> dict[str, Any]:
    return {k: v for k, v in {**rest, "Action": actions}.items() if k != "Sid"}


def _parts(actions: Sequence[str], room: int) -> Iterator[list[str]]:
    part: list[str] = []
    used = 0
    for action in actions:
        cost = len(action) + 3
        if part and used + cost > room:
            yield part
            part, used = [], 0
        part.append(action)
        used += cost
    yield part


def _letters(number: int) -> str:
    high, low = divmod(number, len(_LETTERS))
    return (_LETTERS[high - 1] if high else "") + _LETTERS[low]

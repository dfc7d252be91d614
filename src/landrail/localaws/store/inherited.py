"""What the management policies from the root down to an account come to: the effective policy.

Plain values in, plain values out; nothing here knows what a setting means. Of two policies at one
level, the one that was attached later is merged later. Names of settings are compared without
regard to case, as AWS does.
Source: Organizations User Guide, "Inheritance operators", "Inheritance examples".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

_ASSIGN, _APPEND, _REMOVE = "@@assign", "@@append", "@@remove"
_FOR_CHILDREN = "@@operators_allowed_for_child_policies"
_ALL = frozenset({_ASSIGN, _APPEND, _REMOVE})


def effective(levels: Iterable[Iterable[str]]) -> dict[str, Any] | None:
    """Return the effective policy of texts by level, root first; None where there is none. Raises
    ValueError for a text that is no policy."""
    found = _Node()
    empty = True
    for number, level in enumerate(levels):
        for text in level:
            document = json.loads(text)
            if not isinstance(document, dict):
                raise ValueError("a policy is an object")
            found.merge(document, number, _ALL)
            empty = False
    return None if empty else found.plain()


class _Node:
    """A setting as it stands: its value, those below it, and what later levels may do."""

    def __init__(self) -> None:
        self.value: Any = None
        self.below: dict[str, tuple[str, _Node]] = {}
        self.allowed: frozenset[str] = _ALL
        self.next_allowed: tuple[int, frozenset[str]] = (-1, _ALL)

    def merge(self, given: Mapping[str, Any], level: int, allowed: frozenset[str]) -> None:
        """Merge what one policy says here, as far as the levels above allow."""
        if self.next_allowed[0] < level:
            self.allowed &= self.next_allowed[1]
        allowed &= self.allowed
        if _ASSIGN in given and _ASSIGN in allowed:
            self.value = given[_ASSIGN]
        if _APPEND in given and _APPEND in allowed:
            kept = _listed(self.value)
            self.value = kept + [one for one in _listed(given[_APPEND]) if one not in kept]
        if _REMOVE in given and _REMOVE in allowed:
            gone = _listed(given[_REMOVE])
            self.value = [one for one in _listed(self.value) if one not in gone]
        if _FOR_CHILDREN in given:
            said = frozenset(_listed(given[_FOR_CHILDREN]))
            kept_open = _ALL if "@@all" in said else said & _ALL
            before = self.next_allowed[1] if self.next_allowed[0] == level else _ALL
            self.next_allowed = (level, before & kept_open)
        for name, inner in given.items():
            if name.startswith("@@"):
                continue
            _, node = self.below.setdefault(name.lower(), (name, _Node()))
            # A bare value stands for its own assignment.
            node.merge(inner if isinstance(inner, Mapping) else {_ASSIGN: inner}, level, allowed)

    def plain(self) -> Any:
        """Return it without operators."""
        if self.below:
            inner = {name: node.plain() for name, node in self.below.values()}
            return {name: value for name, value in inner.items() if value is not None}
        return self.value


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]

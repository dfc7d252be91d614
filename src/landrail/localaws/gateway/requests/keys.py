"""Condition keys that stand in a request's parameters, by tables of key and path.

A key whose parameter is not given is absent. A path goes through lists; keys that hold several
values (AWS's `ArrayOf...`) are told apart from those that hold one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from landrail.localaws.gateway.requests.arns import all_at
from landrail.localaws.gateway.requests.rules import Keys
from landrail.localaws.gateway.requests.values import Call, ContextValue

Paths = Mapping[str, str]
"""For a condition key, the paths of its parameter, divided by blanks."""
_Entry = tuple[str, str, bool]


def from_parameters(single: Paths, several: Paths | None = None) -> Keys:
    """Return what gives the keys of a call by these tables."""
    index: dict[str, list[_Entry]] = {}
    for table, many in ((single, False), (several or {}, True)):
        for key, paths in table.items():
            for path in paths.split():
                first, _, rest = path.partition(".")
                index.setdefault(first.lower(), []).append((key, rest, many))

    def keys(call: Call) -> Mapping[str, ContextValue]:
        found: dict[str, ContextValue] = {}
        for name, value in call.params.items():
            for key, rest, many in index.get(name.lower(), ()):
                texts = list(_texts(all_at(value, rest) if rest else (value,)))
                if texts and many:
                    before = found.get(key, ())
                    found[key] = (*before, *texts)
                elif texts:
                    found[key] = texts[0]
        return found

    return keys


def _texts(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        if isinstance(value, list | tuple):
            yield from _texts(value)
        elif value is not None and not isinstance(value, Mapping | bytes):
            yield as_text(value)


def as_text(value: Any) -> str:
    """Return a value as condition keys show it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)

"""Which process answers a request: fleet by share, variant by weight, process in turn.

Shares are kept exactly, not by chance: of any number of requests in a row, each fleet gets its
share to within one request, so that a canary never harms more clients than it was given.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landrail.localaws.runtimes.lines import LINES, Line

_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Chosen:
    """What answers: the lines to its processes, the one whose turn it is before the others."""

    config: str
    capture: Mapping[str, Any] | None
    variant: Mapping[str, Any]
    lines: Sequence[str]


class NoVariant(LookupError):
    """The endpoint has no variant of the name that was asked for."""


_Key = tuple[str, str, str]


class Chooser:
    """Chooses in turn, for all endpoints."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: dict[_Key, _Turns] = {}

    def choose(self, key: _Key, record: Any, target: str | None) -> Chosen:
        """Return what is to answer the next request; raises NoVariant."""
        fleets = record["fleets"]
        configs = [fleet["config"] for fleet in fleets]
        if target is not None:
            fleets = [f for f in fleets if any(v["name"] == target for v in f["variants"])]
            if not fleets:
                raise NoVariant(target)
        with self._lock:
            turns = self._turns.get(key)
            if turns is None or turns.configs != configs:
                turns = self._turns[key] = _Turns(configs)
            return _chosen(turns, fleets, target)

    def forget(self, key: _Key) -> None:
        """Forget the turns of an endpoint that is gone."""
        with self._lock:
            self._turns.pop(key, None)


class _Turns:
    """What each fleet, variant and process of an endpoint is owed, as long as its fleets last."""

    def __init__(self, configs: Sequence[str]) -> None:
        self.configs = list(configs)
        self._owed: dict[tuple[str, ...], dict[str, float]] = {}

    def next(self, of: tuple[str, ...], names: Sequence[str], parts: Sequence[float]) -> int:
        """Return whose turn it is: who is owed most of what has been given out so far."""
        if len(parts) == 1:
            return 0
        total = sum(parts)
        before = self._owed.get(of, {})
        owed = self._owed[of] = {}
        best = 0
        for at, (name, part) in enumerate(zip(names, parts, strict=True)):
            due = part / total if total > _LEAST else 1 / len(parts)
            owed[name] = before.get(name, 0.0) + due
            if owed[name] > owed[names[best]]:
                best = at
        owed[names[best]] -= 1.0
        return best


def _chosen(turns: _Turns, fleets: Sequence[Mapping[str, Any]], target: str | None) -> Chosen:
    configs = [fleet["config"] for fleet in fleets]
    fleet = fleets[turns.next(("", target or ""), configs, [f["share"] for f in fleets])]
    variants, config = fleet["variants"], fleet["config"]
    if target is not None:
        variant = next(v for v in variants if v["name"] == target)
    else:
        names = [v["name"] for v in variants]
        variant = variants[turns.next((config,), names, [v["weight"] for v in variants])]
    lines: Sequence[str] = variant["lines"]
    if variant["least"]:
        lines = sorted(lines, key=_under_way)
    elif len(lines) > 1:
        first = turns.next((config, variant["name"]), lines, [1.0] * len(lines))
        lines = [*lines[first:], *lines[:first]]
    return Chosen(config, fleet["capture"], variant, lines)


def _under_way(name: str) -> int:
    line: Line | None = LINES.get(name)
    return line.under_way if line is not None else 0

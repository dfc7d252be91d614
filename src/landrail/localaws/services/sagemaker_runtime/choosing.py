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
    """A process, and what it belongs to; `first` are all lines of the variant, it before others."""

    config: str
    capture: Mapping[str, Any] | None
    variant: Mapping[str, Any]
    lines: Sequence[str]


class NoVariant(LookupError):
    """The endpoint has no variant of the name that was asked for."""


class Chooser:
    """Chooses in turn, for all endpoints."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: dict[tuple[str, ...], dict[str, float]] = {}

    def choose(self, key: tuple[str, str, str], record: Any, target: str | None) -> Chosen:
        """Return what is to answer the next request; raises NoVariant."""
        fleets = record["fleets"]
        if target is not None:
            fleets = [f for f in fleets if any(v["name"] == target for v in f["variants"])]
            if not fleets:
                raise NoVariant(target)
        with self._lock:
            names = [f["config"] for f in fleets]
            shares = [f["share"] for f in fleets]
            fleet = fleets[self._turn((*key, target or "", *names), names, shares)]
            variants = fleet["variants"]
            if target is not None:
                variant = next(v for v in variants if v["name"] == target)
            else:
                names = [v["name"] for v in variants]
                weights = [v["weight"] for v in variants]
                variant = variants[self._turn((*key, fleet["config"]), names, weights)]
            lines = self._ordered((*key, fleet["config"], variant["name"], ""), variant)
        return Chosen(fleet["config"], fleet["capture"], variant, lines)

    def forget(self, key: tuple[str, str, str]) -> None:
        """Forget the turns of an endpoint that is gone."""
        with self._lock:
            for turn in [turn for turn in self._turns if turn[:3] == key]:
                del self._turns[turn]

    def _turn(self, key: tuple[str, ...], names: Sequence[str], parts: Sequence[float]) -> int:
        """Return whose turn it is: who is owed most of what has been given out so far."""
        if len(parts) == 1:
            return 0
        total = sum(parts)
        owed = self._turns.setdefault(key, {})
        best = 0
        for at, (name, part) in enumerate(zip(names, parts, strict=True)):
            owed[name] = owed.get(name, 0.0) + (part / total if total > _LEAST else 1 / len(parts))
            if owed[name] > owed[names[best]]:
                best = at
        owed[names[best]] -= 1.0
        return best

    def _ordered(self, key: tuple[str, ...], variant: Mapping[str, Any]) -> Sequence[str]:
        lines: Sequence[str] = variant["lines"]
        if len(lines) < 2:
            return lines
        if variant["least"]:
            return sorted(lines, key=_under_way)
        first = self._turn(key, lines, [1.0] * len(lines))
        return [*lines[first:], *lines[:first]]


def _under_way(name: str) -> int:
    line: Line | None = LINES.get(name)
    return line.under_way if line is not None else 0

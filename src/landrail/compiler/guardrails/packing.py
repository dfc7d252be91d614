"""Statements into as few policies as fit the quotas: first fit, the guardrails in their order.

A guardrail stays whole as long as it fits into one policy. What is attached already keeps its
place when a plan is made; see `landrail.plan.packing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from landrail.compiler.guardrails.statements import (
    document_length,
    fitting,
    length,
    merged,
)
from landrail.guardrails import Guardrail
from landrail.guardrails.statements import Statement


@dataclass(frozen=True, slots=True)
class Room:
    """What a target takes: so many policies of so many characters."""

    policies: int
    characters: int


@dataclass(frozen=True, slots=True)
class Unit:
    """What stays together: statements of one guardrail."""

    guardrail: Guardrail
    statements: tuple[Statement, ...]
    lengths: tuple[int, ...]


Pack = list[Unit]


def packed(
    held: Sequence[tuple[Guardrail, Sequence[Statement]]], rooms: Sequence[Room]
) -> tuple[list[Pack], Room]:
    """Return the packs for the first of the rooms that they fit into, and that room; where they
    fit into none, those for the last, and their number says so."""
    packs: list[Pack] = []
    for room in rooms:
        units = [unit for g, statements in held for unit in _units(g, statements, room.characters)]
        packs = _first_fit(units, room.characters)
        if len(packs) > room.policies:
            longest_first = sorted(units, key=lambda u: -sum(u.lengths))
            packs = min(packs, _first_fit(longest_first, room.characters), key=len)
        fits = all(_size(pack) <= room.characters for pack in packs)
        if fits and len(packs) <= room.policies:
            return packs, room
    return packs, rooms[-1]


def _units(guardrail: Guardrail, statements: Sequence[Statement], limit: int) -> list[Unit]:
    parts = [part for one in merged(statements) for part in fitting(one, limit)]
    whole = Unit(guardrail, tuple(parts), tuple(length(part) for part in parts))
    if not parts or document_length(whole.lengths) <= limit:
        return [whole] if parts else []
    return [Unit(guardrail, (part,), (length(part),)) for part in parts]


def _first_fit(units: Sequence[Unit], limit: int) -> list[Pack]:
    packs: list[Pack] = []
    for unit in units:
        for pack in packs:
            if _size([*pack, unit]) <= limit:
                pack.append(unit)
                break
        else:
            packs.append([unit])
    return packs


def _size(pack: Sequence[Unit]) -> int:
    return document_length([n for unit in pack for n in unit.lengths])

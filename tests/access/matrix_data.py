"""The access matrix as data: acts, and for each kind of account which role may do which."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "matrix"


@dataclass(frozen=True)
class Step:
    """A call: `service:Operation` of botocore and its parameters; `once`: one for all cells."""

    call: str
    params: dict[str, Any]
    once: bool = False


@dataclass(frozen=True)
class Act:
    """What is tried in a cell."""

    name: str
    shows: str
    step: Step
    before: Step | None
    after: Step | None


@dataclass(frozen=True)
class Table:
    """A kind of account: the account it is tried in, its roles, and for each act the roles that
    may; `facts` fill in parameters."""

    kind: str
    account: str
    facts: dict[str, str]
    roles: tuple[str, ...]
    rows: dict[str, dict[str, bool]] = field(default_factory=dict)


def _step(entry: dict[str, Any]) -> Step:
    return Step(entry["call"], entry.get("with") or {}, bool(entry.get("once")))


def acts() -> dict[str, Act]:
    """Return all acts by name."""
    loaded = yaml.safe_load((_FOLDER / "acts.yaml").read_text(encoding="utf-8"))
    return {
        name: Act(
            name,
            entry["shows"],
            _step(entry),
            _step(entry["before"]) if "before" in entry else None,
            _step(entry["after"]) if "after" in entry else None,
        )
        for name, entry in loaded.items()
    }


def tables() -> dict[str, Table]:
    """Return the tables by kind of account; every letter is `A` (allowed) or `-` (denied)."""
    loaded = yaml.safe_load((_FOLDER / "tables.yaml").read_text(encoding="utf-8"))
    return {kind: _table(kind, entry) for kind, entry in loaded.items() if kind != "people"}


def people() -> dict[str, dict[str, list[str]]]:
    """Return for each kind of account who enters which roles."""
    loaded = yaml.safe_load((_FOLDER / "tables.yaml").read_text(encoding="utf-8"))
    return dict(loaded["people"])


def _table(kind: str, entry: dict[str, Any]) -> Table:
    head, *lines = entry["allowed"].strip().splitlines()
    roles = tuple(head.split()[1:])
    rows: dict[str, dict[str, bool]] = {}
    for line in lines:
        act, *letters = line.split()
        if len(letters) != len(roles) or not set(letters) <= {"A", "-"} or act in rows:
            raise ValueError(f"{kind}: {line}")
        rows[act] = {r: letter == "A" for r, letter in zip(roles, letters, strict=True)}
    return Table(kind, entry["account"], entry.get("with") or {}, roles, rows)

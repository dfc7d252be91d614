"""Guardrails as lines for people and as data for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from landrail.cli import screen
from landrail.diagnostics import counted
from landrail.guardrails.coverage import Coverage
from landrail.guardrails.forms import forms, rule_names
from landrail.guardrails.guardrail import Frameworks, Guardrail
from landrail.operations.guardrails import Shown

_PAINT = {"critical": screen.red, "high": screen.red, "medium": screen.yellow, "low": screen.faint}
_INDENT = "  "
_LETTERS = {
    "SCP": "S",
    "RCP": "R",
    "policy": "P",
    "template": "T",
    "rule": "D",
    "rule (audit only)": "d",
}
"""Forms in a list, where each line has room for the title: a rule detects."""


def list_lines(every: Sequence[Guardrail]) -> Iterator[str]:
    """Yield a line for each guardrail; `*` marks those of the set, letters the forms."""
    rows = [
        (
            f"{'*' if one.recommended else ' '} {one.id}",
            one.severity,
            "".join(letter if form in forms(one) else "-" for form, letter in _LETTERS.items()),
            one.title,
        )
        for one in every
    ]
    yield from screen.table(rows)
    unasked = sum(one.recommended for one in every)
    yield f"{counted(len(every), 'guardrail')}; * the {unasked} of the set `recommended`"
    yield f"forms: {', '.join(f'{letter} {form}' for form, letter in _LETTERS.items())}"
    yield "next:  landrail guardrails show ID"


def list_data(every: Sequence[Guardrail]) -> dict[str, Any]:
    """Return the JSON twin."""
    return {"guardrails": [_data(one) for one in every]}


def show_lines(shown: Shown) -> Iterator[str]:
    """Yield all of one guardrail."""
    one = shown.guardrail
    yield f"{one.id}  {_PAINT[one.severity](one.severity)}"
    facts = {
        "holds": one.title,
        "why": one.why,
        "instead": one.remedy,
        "where": ", ".join(one.kinds),
        "unasked": "yes, by `recommended`" if one.recommended else "no: name it in the file",
        "values": one.option.about if one.option else "",
        "forms": ", ".join(forms(one)),
        "templates": ", ".join(dict.fromkeys(check.resource_type for check in one.proactive)),
        "rules": ", ".join(rule_names(one)),
        **{name.replace("_", " "): ", ".join(ids) for name, ids in _named(one.frameworks).items()},
    }
    for name, text in facts.items():
        if text:
            yield from screen.folded(f"{name:18}{text}", _INDENT, " " * 18)
    yield from _covered_lines(shown.coverage)
    for title, made in (("SCP", shown.statements), ("RCP", shown.resource_statements)):
        for statement in made:
            yield f"{_INDENT}{title}"
            yield from json.dumps(statement, indent=2).splitlines()


def show_data(shown: Shown) -> dict[str, Any]:
    """Return the JSON twin."""
    return {
        **_data(shown.guardrail),
        "statements": list(shown.statements),
        "resource_statements": list(shown.resource_statements),
        "coverage": _coverage_data(shown.coverage),
    }


def coverage_lines(every: Sequence[Coverage]) -> Iterator[str]:
    """Yield for each guardrail how many actions it covers, how many carry its key, and those that
    it cannot hold with the reason."""
    for one in every:
        yield (
            f"{one.guardrail.id}  covered {len(one.covered)}, carrying {len(one.carrying)}, "
            f"not coverable {len(one.uncovered)}"
        )
        yield from _covered_lines(one)
    carrying = sum(len(one.carrying) for one in every)
    covered = sum(len(one.covered) for one in every)
    left = sum(len(one.uncovered) for one in every)
    yield (
        f"{counted(len(every), 'guardrail')}: {covered} actions denied; {carrying} of all carry a "
        f"condition key of theirs, {left} cannot be held by it, each with its reason"
    )


def coverage_data(every: Sequence[Coverage]) -> dict[str, Any]:
    """Return the JSON twin."""
    return {
        "guardrails": [{"id": one.guardrail.id, **_coverage_data(one)} for one in every],
        "covered": sum(len(one.covered) for one in every),
        "carrying": sum(len(one.carrying) for one in every),
        "uncovered": sum(len(one.uncovered) for one in every),
    }


def _covered_lines(one: Coverage) -> Iterator[str]:
    for held in one.held:
        yield from screen.folded(
            f"{held.key} {held.says}: {len(held.covered)} of {len(held.carrying)} actions that "
            "carry it",
            _INDENT,
            _INDENT,
        )
    if one.every:
        yield from screen.folded(f"denies {', '.join(one.every)}", _INDENT, _INDENT)
    if one.covered and not one.held:
        plural = "s" if len(one.covered) > 1 else ""
        yield f"{_INDENT}denies {len(one.covered)} action{plural}, whatever the request says"
    by_reason: dict[str, list[str]] = {}
    for name, reason in one.uncovered.items():
        by_reason.setdefault(reason, []).append(name.partition(":")[2])
    for reason, names in by_reason.items():
        yield from screen.folded(f"not {', '.join(names)}: {reason}", _INDENT, _INDENT)


def _coverage_data(one: Coverage) -> dict[str, Any]:
    return {
        "covered": list(one.covered),
        "every": list(one.every),
        "carrying": list(one.carrying),
        "keys": [
            {
                "key": held.key,
                "must": held.says,
                "carrying": len(held.carrying),
                "covered": len(held.covered),
            }
            for held in one.held
        ],
        "uncovered": [{"action": n, "reason": why} for n, why in one.uncovered.items()],
    }


def _data(one: Guardrail) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "why": one.why,
        "severity": one.severity,
        "remedy": one.remedy,
        "kinds": list(one.kinds),
        "recommended": one.recommended,
        "forms": list(forms(one)),
        "rules": list(rule_names(one)),
        "templates": list(dict.fromkeys(check.resource_type for check in one.proactive)),
        "values": one.option.about if one.option else None,
        "frameworks": {name: list(ids) for name, ids in _named(one.frameworks).items()},
    }


def _named(frameworks: Frameworks) -> Mapping[str, tuple[str, ...]]:
    return {
        "control_tower": frameworks.control_tower,
        "security_hub": frameworks.security_hub,
        "conformance_packs": frameworks.conformance_packs,
    }

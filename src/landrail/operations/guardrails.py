"""The catalogue of guardrails for people: all of them, one of them, and what each reaches.

Where there is a platform's file, what it says to guardrails is taken in; nothing is asked of AWS.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from landrail.compiler.guardrails.choosing import chosen
from landrail.diagnostics import Diagnostic, Mistakes, nearest
from landrail.guardrails import EVERYWHERE, Facts, Guardrail, guardrails
from landrail.guardrails.coverage import Coverage, coverage
from landrail.guardrails.guardrail import SUSPENDED
from landrail.guardrails.statements import Statement
from landrail.operations.project import open_project
from landrail.spec.choices import KINDS

_NO_FILE = Facts("landrail", "eu-west-1")


@dataclass(frozen=True, slots=True)
class Shown:
    """A guardrail, its statements for accounts of one of its kinds, and what they reach."""

    guardrail: Guardrail
    statements: tuple[Statement, ...]
    resource_statements: tuple[Statement, ...]
    coverage: Coverage


def catalogue(*, recommended: bool = False, kind: str | None = None) -> tuple[Guardrail, ...]:
    """Return the guardrails, or those of the set, or those for a kind of account; raises Mistakes
    where there is none such."""
    kinds = (*KINDS, *EVERYWHERE, SUSPENDED)
    if kind is not None and kind not in kinds:
        near = nearest(kind, kinds)
        remedy = f"did you mean `{near}`? " if near else ""
        wrong = Diagnostic(f"`{kind}` is no kind of account", f"{remedy}kinds: {', '.join(kinds)}")
        raise Mistakes([wrong])
    return tuple(
        one
        for one in guardrails().values()
        if (one.recommended or not recommended) and (kind is None or kind in one.kinds)
    )


def shown(name: str, file: Path) -> Shown:
    """Return one guardrail by its id; raises Mistakes where there is none such."""
    one = found(name)
    facts = _facts(file, one)
    return Shown(one, one.statements(facts), one.resource_statements(facts), coverage(one, facts))


def covered(names: tuple[str, ...], file: Path) -> tuple[Coverage, ...]:
    """Return what guardrails reach: those named, or all that deny anything."""
    wanted = [found(name) for name in names] or list(guardrails().values())
    every = (coverage(one, _facts(file, one)) for one in wanted)
    return tuple(one for one in every if names or one.covered or one.every)


def found(name: str) -> Guardrail:
    """Return a guardrail by its id; raises Mistakes where there is none such."""
    one = guardrails().get(name)
    if one is None:
        near = nearest(name, guardrails())
        remedy = f"did you mean `{near}`?" if near else "`landrail guardrails list` names them"
        raise Mistakes([Diagnostic(f"there is no guardrail `{name}`", remedy)])
    return one


def _facts(file: Path, one: Guardrail) -> Facts:
    facts = chosen(open_project(file).document).facts if file.is_file() else _NO_FILE
    return Facts(facts.prefix, facts.region, one.kinds[0], facts.options)

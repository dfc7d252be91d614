"""Every guardrail of the catalogue, by id."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from landrail.discovery import defined
from landrail.guardrails import catalogue
from landrail.guardrails.guardrail import Guardrail


@cache
def guardrails() -> Mapping[str, Guardrail]:
    """Return every guardrail by its id."""
    return {guardrail.id: guardrail for guardrail in defined(catalogue, "GUARDRAIL", Guardrail)}


def recommended() -> tuple[Guardrail, ...]:
    """Return those that a file gets by the word `recommended`."""
    return tuple(guardrail for guardrail in guardrails().values() if guardrail.recommended)


def groups() -> Iterator[tuple[str, tuple[Guardrail, ...]]]:
    """Yield each group of the catalogue by its name, with its guardrails."""
    for found in sorted(pkgutil.iter_modules(catalogue.__path__), key=lambda module: module.name):
        package = import_module(f"{catalogue.__name__}.{found.name}")
        yield found.name, tuple(defined(package, "GUARDRAIL", Guardrail))

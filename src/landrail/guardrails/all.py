"""Every guardrail of the catalogue, by id."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

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

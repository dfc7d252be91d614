"""One thing that is wrong in a definition, with the code under which AWS tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong, and the error's code."""

    code: str
    message: str


def structure(message: str) -> Wrong:
    """Something about the pipeline as a whole."""
    return Wrong("InvalidStructureException", message)


def stage(message: str) -> Wrong:
    """Something about one stage."""
    return Wrong("InvalidStageDeclarationException", message)


def action(message: str) -> Wrong:
    """Something about one action."""
    return Wrong("InvalidActionDeclarationException", message)


def twice(names: list[str]) -> list[str]:
    """Return the names that stand more than once."""
    return sorted({name for name in names if names.count(name) > 1})

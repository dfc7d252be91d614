"""A model card as a page of Markdown, for whoever is asked to approve or wants to know later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.operations.model.artifacts import Candidate
from landrail.operations.model.cards.content import details
from landrail.operations.model.cards.told import KEYS


def page(candidate: Candidate, gate: str) -> str:
    """Return the page."""
    return "\n".join(_lines(candidate, gate)) + "\n"


def _lines(candidate: Candidate, gate: str) -> Iterator[str]:
    said = candidate.build.card
    yield f"# Model card: {candidate.build.model}"
    if candidate.package:
        yield from ("", f"Version `{candidate.package}`")
    for key in KEYS:
        if said.get(key):
            yield from ("", f"## {key.replace('_', ' ').capitalize()}", "", _plain(said[key]))
    yield from ("", "## Measured", "", f"Gate: `{gate}`", "")
    yield from _metrics(candidate.metrics, candidate.champion)
    yield from ("", "## Made of", "", "| what | is |", "|---|---|")
    known = {**details(candidate), "training job": candidate.training_job}
    yield from (f"| {name} | {_cell(value)} |" for name, value in known.items() if value)
    if candidate.build.hyperparameters:
        yield from ("", "## Parameters of the training", "", "| name | value |", "|---|---|")
        for name, value in candidate.build.hyperparameters.items():
            yield f"| {_cell(name)} | {_cell(value)} |"


def _metrics(metrics: Mapping[str, float], champion: Mapping[str, Any]) -> Iterator[str]:
    against: Mapping[str, float] = champion.get("metrics", {})
    yield "| metric | candidate | champion |" if against else "| metric | candidate |"
    yield "|---|---|---|" if against else "|---|---|"
    for name, value in sorted(metrics.items()):
        row = f"| {_cell(name)} | {value:.6g} |"
        if against:
            row += f" {against[name]:.6g} |" if name in against else "  |"
        yield row


def _plain(text: str) -> str:
    """A text that cannot become part of the page's structure."""
    return " ".join(text.split()).replace("<", "&lt;")


def _cell(text: str) -> str:
    return _plain(str(text)).replace("|", "\\|")

"""The files that the steps hand on: `build.json`, `candidate.json`, metrics and templates.

A step finds what the one before left in its working folder (the build's input artifact) or in
`out/`, and leaves its own in `out/` (the build's output artifact).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from landrail.diagnostics import Diagnostic, Mistakes

OUT = Path("out")
CARD = "model-card.md"


@dataclass(frozen=True, slots=True)
class Build:
    """What a commit became: a wheel in the package repository and an image by digest."""

    model: str
    commit: str
    image: str
    digest: str
    package: str
    entrypoint: list[str]
    data: str
    hyperparameters: Mapping[str, str]
    instance_type: str
    batch: Mapping[str, Any]
    serving: bool = False
    """Whether it serves by `landrail.serving`, and so can score shards of files."""
    card: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model on its way to production: all that its lineage needs, and nothing secret.

    `champion` is what it was compared with, `authors` whose work it is, `execution` the one that
    made it, `model_version` the version of the object that `model_data` names.
    """

    build: Build
    training_job: str = ""
    model_data: str = ""
    processing_job: str = ""
    evaluation: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)
    champion: Mapping[str, Any] = field(default_factory=dict)
    authors: tuple[str, ...] = ()
    execution: str = ""
    model_version: str = ""
    package: str = ""
    approved_by: str = ""
    approval: Mapping[str, str] = field(default_factory=dict)

    def with_(self, **changes: Any) -> Candidate:
        """Return the candidate as it is after one more step."""
        return replace(self, **changes)


def write_json(name: str, document: Mapping[str, Any]) -> None:
    """Leave a file for the steps that follow."""
    OUT.mkdir(exist_ok=True)
    (OUT / name).write_text(json.dumps(document, indent=2, sort_keys=True) + "\n")


def write_text(name: str, text: str) -> None:
    """Leave a page for people."""
    OUT.mkdir(exist_ok=True)
    (OUT / name).write_text(text, encoding="utf-8")


def write_build(build: Build) -> None:
    """Leave `build.json`."""
    write_json("build.json", asdict(build))


def read_build() -> Build:
    """Read what `build` left; raises Mistakes where it did not run."""
    return Build(**_read("build.json", "build"))


def write_candidate(candidate: Candidate) -> None:
    """Leave `candidate.json`."""
    write_json("candidate.json", asdict(candidate))


def read_candidate(file: Path | None = None) -> Candidate:
    """Read what the step before left, or a file; raises Mistakes where none ran."""
    document = json.loads(file.read_text()) if file else _read("candidate.json", "train")
    try:
        made = Candidate(**{**document, "build": Build(**document["build"])})
    except (KeyError, TypeError) as error:
        raise Mistakes(
            [
                Diagnostic(
                    f"`candidate.json` is none of this version of Landrail: {error}",
                    "push to the model's repository, and a new candidate is made",
                )
            ]
        ) from None
    return made.with_(authors=tuple(made.authors))


def find(name: str) -> Path | None:
    """Return where a file of this build lies: its own output first, then its input."""
    return next((p for p in (OUT / name, Path(name)) if p.is_file()), None)


def _read(name: str, step: str) -> dict[str, Any]:
    file = find(name)
    if file is None:
        raise Mistakes(
            [Diagnostic(f"there is no `{name}` here", f"`landrail model step {step}` comes before")]
        )
    return dict(json.loads(file.read_text()))

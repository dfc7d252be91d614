"""What a model's repository asks of the pipeline: `[project]` and `[tool.landrail]` of its
`pyproject.toml`."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landrail.diagnostics import Diagnostic, Mistakes, Position, SourceRange, nearest
from landrail.handover import DEFAULT_INSTANCE_TYPE
from landrail.operations.model.cards.told import wrong_card
from landrail.operations.model.scoring.asked import wrong_scoring

_KEYS = ("data", "instance_type", "hyperparameters", "batch", "card")


@dataclass(frozen=True, slots=True)
class Recipe:
    """The package to build and how to train it; `data` is `DATASET@VERSION`. `requires` are the
    names of the packages that it depends on, `dependencies` what it asks of them. `batch` says what
    a batch job scores, and how; `card` what the model is for."""

    name: str
    version: str
    data: str
    requires: frozenset[str] = frozenset()
    dependencies: tuple[str, ...] = ()
    hyperparameters: Mapping[str, str] = field(default_factory=dict)
    instance_type: str = DEFAULT_INSTANCE_TYPE
    batch: Mapping[str, Any] = field(default_factory=dict)
    card: Mapping[str, str] = field(default_factory=dict)

    @property
    def entrypoint(self) -> list[str]:
        """What the image runs; SageMaker adds `train` or `serve`."""
        return ["python", "-m", self.name.replace("-", "_")]


def read_recipe(repository: Path) -> Recipe:
    """Read the recipe of a checked-out repository; raises Mistakes naming all that is wrong."""
    file = repository / "pyproject.toml"
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise Mistakes([_mistake("there is no `pyproject.toml`", "a model is a package")]) from None
    except tomllib.TOMLDecodeError as error:
        raise Mistakes([_mistake(f"cannot be read: {error}", None)]) from None
    project = document.get("project", {})
    landrail = document.get("tool", {}).get("landrail", {})
    mistakes = [
        _mistake(f"`project.{key}` is missing", "the wheel needs it")
        for key in ("name", "version")
        if not isinstance(project.get(key), str)
    ]
    module = str(project.get("name", "")).replace("-", "_")
    if module in sys.stdlib_module_names:
        what = f"`project.name` is that of a module of Python: `python -m {module}` would run it"
        mistakes.append(_mistake(what, "the image runs the package of that name; choose another"))
    mistakes += _landrail_mistakes(landrail)
    requires = frozenset(map(_package, project.get("dependencies", [])))
    mistakes += [
        _mistake(summary, remedy)
        for summary, remedy in wrong_scoring(landrail.get("batch", {}), requires)
    ]
    mistakes += [_mistake(what, remedy) for what, remedy in wrong_card(landrail.get("card", {}))]
    if mistakes:
        raise Mistakes(mistakes)
    return Recipe(
        name=project["name"],
        version=project["version"],
        data=landrail["data"],
        requires=requires,
        dependencies=tuple(project.get("dependencies", ())),
        hyperparameters={k: str(v) for k, v in landrail.get("hyperparameters", {}).items()},
        instance_type=landrail.get("instance_type", DEFAULT_INSTANCE_TYPE),
        batch=landrail.get("batch", {}),
        card=landrail.get("card", {}),
    )


def _package(requirement: str) -> str:
    """Return the normalised name of the package that a requirement asks for (PEP 503, 508)."""
    name = re.split(r"[^A-Za-z0-9._-]", requirement.strip(), maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def _landrail_mistakes(landrail: Mapping[str, Any]) -> list[Diagnostic]:
    found = []
    for key in landrail:
        if key not in _KEYS:
            guess = nearest(key, _KEYS)
            remedy = f"did you mean `{guess}`?" if guess else f"known: {', '.join(_KEYS)}"
            found.append(_mistake(f"unknown key `tool.landrail.{key}`", remedy))
    if not isinstance(landrail.get("data"), str) or "@" not in landrail.get("data", ""):
        found.append(
            _mistake("`tool.landrail.data` is missing", 'write `data = "DATASET@VERSION"`')
        )
    return found


def _mistake(summary: str, remedy: str | None) -> Diagnostic:
    start = Position(1, 1)
    return Diagnostic(summary, remedy, SourceRange("pyproject.toml", start, start))

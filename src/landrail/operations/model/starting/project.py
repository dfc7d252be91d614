"""A project from a template: files with the names of the model in them, and a repository of git.

Each template is layers of files, a later one over an earlier. Where a sample of the data is given,
the columns come from it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from keyword import iskeyword
from pathlib import Path, PurePosixPath

from landrail.diagnostics import Diagnostic, Mistakes
from landrail.operations.model.starting.columns import Columns, columns_of
from landrail.operations.model.starting.place import Place

_ENDING, _MORE = ".txt", ".more.txt"
_SHADOWED = {"landrail", "numpy", "pandas", "scikit_learn", "sklearn", "scipy", "joblib"}
"""Modules that a project uses; a package of such a name would hide them."""


@dataclass(frozen=True, slots=True)
class Template:
    """Layers of files, and what is different in the files that all share."""

    layers: tuple[str, ...]
    title: str
    answer: str
    gate: str
    serve: str
    made_target: str
    learned: str
    more: str = ""


_CLASSES = Template(
    layers=("common", "classification"),
    title="Which of two classes is a row of?",
    answer="one score a row, the chance of the second class",
    gate="auc >= baseline + 0.01",
    serve="[online, batch]",
    made_target='(first > 0) if NUMBERS else (first == "a")',
    learned='assertGreater(metrics["auc"], 0.9)',
)
TEMPLATES: Mapping[str, Template] = {
    "classification": _CLASSES,
    "regression": Template(
        layers=("common", "regression"),
        title="Which number belongs to a row?",
        answer="one number a row",
        gate="rmse <= 0.98 * baseline",
        serve="[online, batch]",
        made_target='3 * first if NUMBERS else 3.0 * (first == "a")',
        learned='assertGreater(metrics["r2"], 0.9)',
    ),
    "batch": Template(
        layers=("common", "classification", "batch"),
        title="Which of two classes are the rows of a batch of?",
        answer=_CLASSES.answer,
        gate=_CLASSES.gate,
        serve="[batch]",
        made_target=_CLASSES.made_target,
        learned=_CLASSES.learned,
        more="\nEvery release scores the files below `score/` of the data; no training sees them.",
    ),
}
"""Templates by their names."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A project that was begun: its folder, its files, and the model's line in the platform's
    file."""

    folder: Path
    files: tuple[str, ...]
    entry: str


def begin(
    name: str,
    template: str,
    folder: Path,
    place: Place,
    *,
    dataset: str = "data",
    data: Path | None = None,
    target: str = "target",
) -> Begun:
    """Write a project into a new folder and make it a repository with one commit.

    `name` is a model's name (letters, digits, dashes). `data` is a file of CSV or Parquet to take
    the columns from, `place` where the platform has its code. Raises Mistakes where the folder is
    there, the data cannot be read, or git fails.
    """
    chosen = TEMPLATES[template]
    columns = columns_of(data, target) if data is not None else Columns(target, ("x",), ())
    project = _project(name)
    words = {
        "NAME": name,
        "PROJECT": project,
        "PACKAGE": project.replace("-", "_"),
        "TITLE": chosen.title,
        "BRANCH": place.branch,
        "DATASET": dataset,
        "TARGET": _quoted(columns.target),
        "NUMBERS": _listed(columns.numbers),
        "CATEGORIES": _listed(columns.categories),
        "ANSWER": chosen.answer,
        "GATE": chosen.gate,
        "SERVE": chosen.serve,
        "MADE_TARGET": chosen.made_target,
        "LEARNED": chosen.learned,
        "MORE": chosen.more,
    }
    made = {path: _filled(text, words) for path, text in _texts(chosen.layers, words["PACKAGE"])}
    _write(folder, made)
    _repository(folder, place)
    entry = (
        f'{name}: {{team: TEAM, dataset: {dataset}, gate: "{chosen.gate}", serve: {chosen.serve}}}'
    )
    return Begun(folder, tuple(sorted(made)), entry)


def _texts(layers: tuple[str, ...], package: str) -> Iterator[tuple[str, str]]:
    """Yield the files of layers with their paths; what more a layer has for a file is added to
    it."""
    found: dict[str, str] = {}
    root = files("landrail.operations.model.starting").joinpath("templates")
    for layer in layers:
        for path, text in _below(root.joinpath(layer), PurePosixPath()):
            place = path.replace("src/package/", f"src/{package}/").replace(
                "gitignore", ".gitignore"
            )
            if place.endswith(_MORE):
                found[place.removesuffix(_MORE)] += text
            else:
                found[place.removesuffix(_ENDING)] = text
    yield from found.items()


def _below(folder: Traversable, path: PurePosixPath) -> Iterator[tuple[str, str]]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _below(item, path / item.name)
        elif item.name.endswith(_ENDING):
            yield str(path / item.name), item.read_text(encoding="utf-8")


def _filled(text: str, words: Mapping[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    return text.rstrip("\n") + "\n"


def _project(name: str) -> str:
    """Return the name of a model's package: its own, where that would not hide a module that Python
    or the project uses and `python -m` can run it."""
    module = name.replace("-", "_")
    taken = iskeyword(module) or module in sys.stdlib_module_names or module in _SHADOWED
    return f"{name}-model" if taken else name


def _quoted(name: str) -> str:
    """Return a name as a text of Python; what JSON escapes, Python reads alike."""
    return json.dumps(name, ensure_ascii=False)


def _listed(names: tuple[str, ...]) -> str:
    """Return names as a list of Python, a line each where they are many."""
    quoted = [_quoted(name) for name in names]
    short = f"[{', '.join(quoted)}]"
    if len(short) <= 60:
        return short
    return "[\n" + "".join(f"    {name},\n" for name in quoted) + "]"


def _write(folder: Path, made: Mapping[str, str]) -> None:
    try:
        folder.mkdir(parents=True)
        for path, text in made.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    except FileExistsError as error:
        remedy = "it is left as it is; name another with --folder"
        raise Mistakes([Diagnostic(f"`{folder}` is there already", remedy)]) from error
    except OSError as error:
        raise Mistakes([Diagnostic(f"`{folder}` cannot be written: {error.strerror}")]) from error


def _repository(folder: Path, place: Place) -> None:
    """Make the folder a repository; who commits is git's own business, or nobody's name where git
    knows none."""
    _git(folder, "init", "--quiet", f"--initial-branch={place.branch}")
    _git(folder, "add", "--all")
    known = subprocess.run(
        ["git", "config", "user.email"], cwd=folder, capture_output=True, check=False
    )
    nobody = (
        []
        if known.stdout.strip()
        else ["-c", "user.name=landrail", "-c", "user.email=landrail@localhost"]
    )
    _git(folder, *nobody, "commit", "--quiet", "--message", "Begin the model")
    if place.remote:
        _git(folder, "remote", "add", "origin", place.remote)


def _git(folder: Path, *words: str) -> None:
    try:
        done = subprocess.run(
            ["git", *words], cwd=folder, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise Mistakes([Diagnostic("git is not installed", "a model is a repository")]) from None
    if done.returncode:
        raise Mistakes(
            [Diagnostic(f"git {words[0]}: {done.stderr.strip() or done.stdout.strip()}")]
        )

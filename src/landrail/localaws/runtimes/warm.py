"""Whether a job may start warm, by a fork of a process that has its libraries imported already.

Only what cannot be told from a cold start may: `python -m MODULE` of an image on the base `host`,
without a network, in the image's own environment. Which libraries are imported is read from the
image's sources, of a short list that is known to bear being forked; nothing of the image runs for
that. Everything else starts cold.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_LIBRARIES = {
    *("numpy", "scipy", "pandas", "sklearn", "joblib", "pyarrow", "lightgbm", "xgboost"),
    "statsmodels",
}
# They do something when they are imported, or show windows.
_NOT = {"antigravity", "this", "tkinter", "turtle", "turtledemo", "idlelib", "test", "__main__"}
# What SageMaker gives a container, and no library reads while it is imported.
_GIVEN = ("SM_", "SAGEMAKER_", "AWS_", "TRAINING_JOB_", "PROCESSING_JOB_", "LANDRAIL_")
_NEUTRAL = {"PATH", "HOME", "TMPDIR"}
_MOST_SOURCES = 300
_SITE = "site"


@dataclass(frozen=True, slots=True)
class Warm:
    """How a job starts warm: the module to run, and the process to fork: its environment and what
    it has imported. `shadowing` are the names that the image itself would import first."""

    module: str
    arguments: tuple[str, ...]
    env: tuple[tuple[str, str], ...]
    libraries: tuple[str, ...]
    shadowing: frozenset[str]


def warm(
    program: Path, argv: Sequence[str], of_image: Mapping[str, str], env: Mapping[str, str]
) -> Warm | None:
    """Return how `argv` of the image whose `/opt/program` is `program` starts warm, or None."""
    if len(argv) < 3 or argv[0] not in ("python", "python3") or argv[1] != "-m":
        return None
    for name, value in env.items():
        if of_image.get(name) != value and name not in _NEUTRAL and not name.startswith(_GIVEN):
            return None
    libraries, own = _read(program)
    if (
        not any(_top(name) in _LIBRARIES for name in libraries)
        or (program / _SITE / "bin" / argv[0]).exists()
    ):
        return None
    kept = {k: v for k, v in of_image.items() if k not in ("PYTHONPATH", "PATH")}
    return Warm(argv[2], tuple(argv[3:]), tuple(sorted(kept.items())), libraries, own)


@lru_cache(maxsize=64)
def _read(program: Path) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the libraries that an image's sources import, and the names that it holds itself."""
    own = {_top(path.name) for folder in (program, program / _SITE) for path in _entries(folder)}
    found: set[str] = set()
    for number, path in enumerate(sorted(program.rglob("*.py"))):
        if number >= _MOST_SOURCES:
            break
        found |= set(_imported(path))
    return tuple(sorted(found)), frozenset(own)


def _entries(folder: Path) -> Iterator[Path]:
    """Yield the modules and packages of a folder; one without `__init__` stands behind others."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_file() or any(path.glob("__init__.*")):
            yield path


def _imported(path: Path) -> Iterator[str]:
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, OSError, RecursionError):
        return  # whoever runs it is told
    for node in tree.body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module]
        yield from (name for name in names if _known(_top(name)))


def _known(name: str) -> bool:
    return name in _LIBRARIES or (name in sys.stdlib_module_names and name not in _NOT)


def _top(name: str) -> str:
    return name.partition(".")[0]

"""The wheel of a commit: its version says which commit, its bytes depend on nothing else."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from landrail.diagnostics import Diagnostic, Mistakes
from landrail.operations.model.recipe import Recipe

_EPOCH = "315532800"  # 1980-01-01, the first day that a zip archive can hold
_SKIPPED = shutil.ignore_patterns(".git", "out", "__pycache__", ".venv", "*.egg-info")


def run_tests(repository: Path) -> None:
    """Run the repository's unit tests with its sources importable; raises Mistakes where one
    fails. A repository without tests is refused: nothing untested becomes an image."""
    if not (repository / "tests").is_dir():
        raise Mistakes([Diagnostic("there is no folder `tests`", "add unit tests for the model")])
    command = [sys.executable, "-m", "unittest", "discover", "-s", "tests", "-v"]
    # What the build has installed beside Landrail stays importable.
    paths = [str(repository / "src"), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    ended = subprocess.run(command, cwd=repository, env=environment, check=False)
    if ended.returncode:
        raise Mistakes([Diagnostic("the unit tests failed", "see the build's log above")])


def build_wheel(repository: Path, recipe: Recipe, commit: str, into: Path) -> Path:
    """Build the wheel `VERSION+gCOMMIT`; raises Mistakes where the build backend fails."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "source"
        shutil.copytree(repository, copy, ignore=_SKIPPED)
        _stamp(copy / "pyproject.toml", recipe.version, commit)
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
        command += ["--no-build-isolation", "--wheel-dir", str(into), str(copy)]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": _EPOCH}
        ended = subprocess.run(command, env=environment, check=False)
    wheels = sorted(into.glob("*.whl"))
    if ended.returncode or not wheels:
        raise Mistakes([Diagnostic("the wheel could not be built", "see the build's log above")])
    return wheels[0]


def _stamp(pyproject: Path, version: str, commit: str) -> None:
    text = pyproject.read_text("utf-8")
    stamped = re.sub(
        rf'(?m)^(version\s*=\s*)["\']{re.escape(version)}["\']',
        rf'\g<1>"{version}+g{commit[:12]}"',
        text,
        count=1,
    )
    pyproject.write_text(stamped, "utf-8")

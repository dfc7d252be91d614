"""The folders and programs that a build sees.

`python` is this machine's Python in an environment of the build's own: what pip installs is seen by
this build alone, and what the machine's Python has is there already. `landrail` runs on the
machine's Python itself, which its images are built from.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

import landrail
from landrail.localaws.runtimes.host import search_path
from landrail.localaws.runtimes.process import Bind
from landrail.localaws.services.codebuild import plan

_VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"
_PACKAGES = f"lib/{_VERSION}/site-packages"
# A first line that holds wherever Python lies: to the shell a command, to Python a text.
_START = """#!/bin/sh
'''exec' '{python}' {options} "$0" "$@"
' '''
"""
_LANDRAIL = "import sys\nfrom landrail.cli import main\nsys.exit(main())\n"
_PIP = '#!/bin/sh\nexec python -m pip "$@"\n'
_HASH_FILES = """import glob, hashlib, sys
names = {n for p in sys.argv[1:] for n in glob.glob(p, recursive=True, include_hidden=True)}
total = hashlib.sha256()
for name in sorted(names):
    try:
        with open(name, "rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    except IsADirectoryError:
        continue
print(total.hexdigest())
"""


def variables() -> dict[str, str]:
    """Return what leads a build to these programs."""
    return {
        "PATH": f"{plan.ROOT}/python/bin:{plan.ROOT}/bin:{search_path()}",
        # What the build installs is seen by the machine's Python, too, when `landrail` runs on it.
        "PYTHONPATH": f"{plan.ROOT}/landrail:{plan.ROOT}/python/{_PACKAGES}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def binds(folder: Path) -> tuple[Bind, ...]:
    """Make the programs of a build and return what it sees at which path."""
    _programs(folder / "bin")
    _python(folder / "python")
    names = ("src", "secondary", "plan", "state", "home", "python")
    return (
        *(Bind(folder / name, f"{plan.ROOT}/{name}", True) for name in names),
        Bind(folder / "bin", f"{plan.ROOT}/bin"),
        Bind(Path(landrail.__file__).parent, f"{plan.ROOT}/landrail/landrail"),
    )


def _programs(folder: Path) -> None:
    for name, options, text in (
        ("landrail", "", _LANDRAIL),
        ("codebuild-hash-files", "-IS", _HASH_FILES),
    ):
        start = _START.format(python=sys.executable, options=options)
        _program(folder / name, start + text)


def _python(folder: Path) -> None:
    """Write a virtual environment above this machine's, without starting a Python for it."""
    packages = folder / _PACKAGES
    packages.mkdir(parents=True)
    below = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    (packages / "host.pth").write_text("".join(f"{one}\n" for one in below))
    home = Path(os.path.realpath(sys.executable)).parent
    (folder / "pyvenv.cfg").write_text(f"home = {home}\ninclude-system-site-packages = false\n")
    (folder / "bin").mkdir()
    for name in ("python", "python3", _VERSION):
        (folder / "bin" / name).symlink_to(sys.executable)
    for name in ("pip", "pip3"):
        _program(folder / "bin" / name, _PIP)


def _program(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    file.chmod(0o755)

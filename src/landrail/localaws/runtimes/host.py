"""The base image `host`: this machine's Python with the packages installed beside it.

An image built on it carries the lock of those packages (`name==version` lines); the runtime
compares it with what is installed now, so that an image never runs on packages it was not built
with. The author's house computes the same lock in `landrail.images.host`.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import sysconfig
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

BASE_LABEL = "dev.landrail.base"
LOCK_LABEL = "dev.landrail.lock"


def lock() -> str:
    """Return the sorted `name==version` lines of the packages installed for this interpreter.

    Only its own site directories count: what `PYTHONPATH` adds is not part of the base.
    """
    paths = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    found = {
        (re.sub(r"[-_.]+", "-", name).lower(), d.version)
        for d in distributions(path=paths)
        if (name := d.metadata["Name"])
    }
    return "".join(f"{name}=={version}\n" for name, version in sorted(found))


def lock_digest() -> str:
    """Return the digest of the lock, `sha256:...`."""
    return "sha256:" + hashlib.sha256(lock().encode()).hexdigest()


def search_path() -> str:
    """Return the `PATH` with which `python` is this interpreter."""
    return f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"


def python_folders() -> tuple[Path, ...]:
    """Return the folders a sandbox must see for this interpreter to start, outermost first."""
    found = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.base_prefix).resolve()}
    found |= {folder for link in _links(Path(sys.executable)) if _is_prefix(folder := link)}
    return tuple(sorted(found, key=lambda p: len(p.parts)))


def _links(executable: Path) -> Iterator[Path]:
    """Yield the prefix of each name in the chain of links that leads to the interpreter."""
    while True:
        yield executable.parent.parent
        if not executable.is_symlink():
            return
        executable = executable.parent / os.readlink(executable)


def _is_prefix(folder: Path) -> bool:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return folder != Path("/") and (folder / "lib" / version).is_dir()

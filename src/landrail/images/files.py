"""What goes into a layer: files by their path, read from a folder or out of wheels."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from landrail.images.image import ImageError

_LEFT_OUT = {".git", "__pycache__", ".venv", ".pytest_cache", ".ruff_cache", ".mypy_cache"}


@dataclass(frozen=True, slots=True)
class File:
    """A file's bytes, and whether it may be executed."""

    content: bytes = field(repr=False)
    executable: bool = False


def read_folder(folder: Path) -> dict[str, File]:
    """Return the files below a folder by their relative path, without caches and `.git`.

    Raises ImageError for a link, which could name something outside of the image.
    """
    found: dict[str, File] = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if _LEFT_OUT & set(relative.parts):
            continue
        if path.is_symlink():
            raise ImageError(f"{relative} is a link; an image takes plain files only")
        if path.is_file():
            executable = bool(path.stat().st_mode & stat.S_IXUSR)
            found[relative.as_posix()] = File(path.read_bytes(), executable)
    return found


def below(folder: str, files: Mapping[str, File]) -> dict[str, File]:
    """Return the files moved below a folder; raises ImageError for a path that leaves it."""
    moved: dict[str, File] = {}
    for name, file in files.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise ImageError(f"`{name}` is not a path inside the image")
        moved[f"{folder}/{path}"] = file
    return moved

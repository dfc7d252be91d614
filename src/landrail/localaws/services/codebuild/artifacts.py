"""What a build keeps: files chosen by globs below base directories, and zips of them."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from landrail.localaws.services.codebuild.buildspec import Artifact

# Zip entries carry no time of their own: two builds of the same files give the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)
_SIGNS = "*?["


class NothingToKeep(Exception):
    """No file matches what the buildspec keeps."""


def chosen(folder: Path, artifact: Artifact, what: str = "artifact") -> dict[str, Path]:
    """Return the files to keep by their name in the artifact; raises NothingToKeep."""
    folder = folder.resolve()
    found = {
        (path.name if artifact.discard_paths else path.relative_to(base).as_posix()): path
        for base in _bases(folder, artifact.base)
        for pattern in artifact.files
        for path in matching(base, pattern, artifact.symlinks)
        if not _excluded(path.relative_to(base).as_posix(), artifact.exclude)
    }
    if not found:
        raise NothingToKeep(f"no matching {what} paths found: {', '.join(artifact.files)}")
    return found


def matching(base: Path, pattern: str, symlinks: bool = False) -> Iterator[Path]:
    """Yield regular files below `base`; a link out of it is not followed, and with `symlinks`
    links stay links."""
    pattern = pattern.removeprefix("./")
    exact = base / pattern
    if not any(sign in pattern for sign in _SIGNS):
        found = [exact] if not exact.is_dir() else list(exact.rglob("*"))
    else:
        found = list(base.glob(f"{pattern}/*" if pattern.endswith("**") else pattern))
    for path in found:
        inside = path.resolve().is_relative_to(base)
        if inside and (path.is_file() or (symlinks and path.is_symlink())):
            yield path


def zipped(files: dict[str, Path], symlinks: bool = False) -> bytes:
    """Return the files as a zip, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            if symlinks and path.is_symlink():
                entry.external_attr = (stat.S_IFLNK | 0o777) << 16
                archive.writestr(entry, os.readlink(path))
                continue
            entry.external_attr = (stat.S_IFREG | path.stat().st_mode & 0o777) << 16
            archive.writestr(entry, path.read_bytes())
    return out.getvalue()


def digests(content: bytes) -> dict[str, str]:
    """Return the digests the API shows of an artifact."""
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return {"sha256sum": hashlib.sha256(content).hexdigest(), "md5sum": md5}


def unzip(content: bytes, folder: Path) -> None:
    """Unpack a zip into a folder; raises ValueError for what is none, or leads outside."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                _entry(archive, entry, folder.resolve())
    except zipfile.BadZipFile as error:
        raise ValueError(f"the source is not a zip archive: {error}") from error
    except (RuntimeError, EOFError, zlib.error) as error:
        raise ValueError(f"the source cannot be unpacked: {error}") from error


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    target = (folder / entry.filename).resolve()
    if not target.is_relative_to(folder):
        raise ValueError(f"the entry {entry.filename} leads outside the archive")
    mode = entry.external_attr >> 16
    if stat.S_ISLNK(mode):
        _link(archive.read(entry).decode(), target, folder)
        return
    archive.extract(entry, folder)
    if mode & 0o777 and target.is_file():
        target.chmod(mode & 0o777 | 0o600)


def _link(to: str, target: Path, folder: Path) -> None:
    if not (target.parent / to).resolve().is_relative_to(folder):
        raise ValueError(f"the link to {to} leads outside the archive")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.symlink_to(to)


def _bases(folder: Path, base: str) -> list[Path]:
    base = base.removeprefix("./").strip("/")
    found = list(folder.glob(base)) if any(sign in base for sign in _SIGNS) else [folder / base]
    found = [path.resolve() for path in sorted(found) if path.is_dir()]
    found = [path for path in found if path.is_relative_to(folder)]
    if not found:
        raise NothingToKeep(f"no matching base directory path found for {base}")
    return found


def _excluded(name: str, patterns: tuple[str, ...]) -> bool:
    return any(
        fnmatchcase(name, pattern.removeprefix("./").replace("**/", "*")) for pattern in patterns
    )

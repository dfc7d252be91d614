"""What a build keeps: files chosen by globs, zipped, and put to S3 under the build's role."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from landrail.localaws.services.codebuild.buildspec import Artifact

# Zip entries carry no time of their own: two builds of the same files give the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)


class NothingToKeep(Exception):
    """No file matches what the buildspec keeps."""


def chosen(folder: Path, artifact: Artifact) -> dict[str, Path]:
    """Return the files to keep by their name in the artifact; raises NothingToKeep."""
    base = (folder / artifact.base).resolve()
    if not base.is_dir() or not base.is_relative_to(folder.resolve()):
        raise NothingToKeep(f"no matching base directory path found for {artifact.base}")
    found = {
        (path.name if artifact.discard_paths else path.relative_to(base).as_posix()): path
        for pattern in artifact.files
        for path in _matching(base, pattern)
        if not _excluded(path.relative_to(base).as_posix(), artifact.exclude)
    }
    if not found:
        raise NothingToKeep(f"no matching artifact paths found: {', '.join(artifact.files)}")
    return found


def zipped(files: dict[str, Path]) -> bytes:
    """Return the files as a zip, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.external_attr = (path.stat().st_mode & 0o777 | 0o100000) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return out.getvalue()


def digests(content: bytes) -> dict[str, str]:
    """Return the digests the API shows of an artifact."""
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return {"sha256sum": hashlib.sha256(content).hexdigest(), "md5sum": md5}


def unzip(content: bytes, folder: Path) -> None:
    """Unpack a zip into a folder; raises ValueError for what is none, or leads outside."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise ValueError("the source is not a zip archive")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            target = (folder / entry.filename).resolve()
            if not target.is_relative_to(folder.resolve()):
                raise ValueError(f"the entry {entry.filename} leads outside the archive")
            archive.extract(entry, folder)
            mode = entry.external_attr >> 16 & 0o777
            if mode and target.is_file():
                target.chmod(mode | 0o600)


def _matching(base: Path, pattern: str) -> Iterator[Path]:
    """Yield regular files; a link out of the build's folder is not followed."""
    exact = base / pattern
    if not any(sign in pattern for sign in "*?["):
        found = [exact] if exact.is_file() else list(exact.rglob("*")) if exact.is_dir() else []
    else:
        found = list(base.glob(f"{pattern}/*" if pattern.endswith("**") else pattern))
    for path in found:
        if path.is_file() and path.resolve().is_relative_to(base):
            yield path


def _excluded(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern.replace("**/", "*")) for pattern in patterns)

"""What builds of a project hand on to the next: files of the cache's paths, in S3 or on this
machine.

As on AWS it is an offer and no promise: what cannot be read or written is told in the log, and the
build goes on. Without a key there is one copy, which each build replaces; with one, a copy is made
once and never changed.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
import uuid
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, unquote

from landrail.localaws.api import ApiError, Caller, Platform
from landrail.localaws.services.codebuild.artifacts import matching
from landrail.localaws.services.codebuild.buildspec import Buildspec, Cache
from landrail.localaws.services.codebuild.uploads import encryption

_HOME = ("~/", "$HOME/", "${HOME}/", "/root/", "/codebuild/home/")
_SOURCE = ("$CODEBUILD_SRC_DIR/", "${CODEBUILD_SRC_DIR}/", "/codebuild/src/", "./")
_PARTS = ("src", "home")
Tell = Callable[[str], None]


class Shelf(Protocol):
    """Where copies lie, by name."""

    def read(self, name: str) -> bytes | None:
        """Return a copy; None where there is none."""

    def newest(self, prefix: str) -> str | None:
        """Return the name of the newest copy whose name begins so."""

    def write(self, name: str, content: bytes) -> None:
        """Keep a copy."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A shelf in S3, reached as the build's role."""

    platform: Platform
    caller: Caller
    region: str
    bucket: str
    prefix: str
    encryption: Mapping[str, str]

    def read(self, name: str) -> bytes | None:
        """Return a copy; None where there is none."""
        try:
            body = self._call("GetObject", Key=self.prefix + name)["Body"]
        except ApiError as error:
            if error.code == "NoSuchKey":
                return None
            raise
        return bytes(body if isinstance(body, bytes) else body.read())

    def newest(self, prefix: str) -> str | None:
        """Return the name of the newest copy whose name begins so."""
        found = self._call("ListObjectsV2", Prefix=self.prefix + prefix).get("Contents") or []
        newest = max(found, key=lambda one: one["LastModified"], default=None)
        return str(newest["Key"]).removeprefix(self.prefix) if newest else None

    def write(self, name: str, content: bytes) -> None:
        """Keep a copy."""
        self._call("PutObject", Key=self.prefix + name, Body=content, **self.encryption)

    def _call(self, operation: str, **params: Any) -> dict[str, Any]:
        params = {"Bucket": self.bucket, **params}
        return self.platform.call(self.caller, "s3", operation, params, region=self.region)


@dataclass(frozen=True, slots=True)
class Folder:
    """A shelf on this machine."""

    place: Path

    def read(self, name: str) -> bytes | None:
        """Return a copy; None where there is none."""
        file = self._file(name)
        return file.read_bytes() if file.is_file() else None

    def newest(self, prefix: str) -> str | None:
        """Return the name of the newest copy whose name begins so."""
        start = self._file(prefix).name
        found = [f for f in self.place.glob("*") if f.name.startswith(start)]
        newest = max(found, key=lambda file: file.stat().st_mtime, default=None)
        return unquote(newest.name) if newest else None

    def write(self, name: str, content: bytes) -> None:
        """Keep a copy."""
        self.place.mkdir(parents=True, exist_ok=True)
        fresh = self.place / f".{uuid.uuid4().hex}"
        fresh.write_bytes(content)
        fresh.rename(self._file(name))

    def _file(self, name: str) -> Path:
        return self.place / quote(name, safe="")


@dataclass(slots=True)
class Kept:
    """The cache of one build: `keys` are its key and the fallbacks, as the build computed them."""

    shelf: Shelf
    folder: Path
    cache: Cache
    tell: Tell
    keys: tuple[str, ...] = ()
    hit: str | None = None

    def restore(self) -> None:
        """Put back what was kept."""
        if self.cache.action == "save":
            return
        try:
            name = self._found()
            content = self.shelf.read(name) if name else None
            if content is None:
                self.tell("No cache found")
                return
            _unpack(content, self.folder)
        except (ApiError, OSError, EOFError, tarfile.TarError, zlib.error) as error:
            self.tell(f"Unable to restore the cache: {_why(error)}")
            return
        self.hit = name
        self.tell(f"Restored the cache {name}")

    def save(self) -> None:
        """Keep the files of the cache's paths for the next build."""
        name = self._name(self.keys[0] if self.keys else "")
        if self.cache.action == "restore" or (self.keys and self.hit == name):
            return
        try:
            if self.keys and self.shelf.newest(name) == name:
                return
            self.shelf.write(name, _packed(dict(self._files())))
        except (ApiError, OSError) as error:
            self.tell(f"Unable to save the cache: {_why(error)}")
            return
        self.tell(f"Saved the cache {name}")

    def _found(self) -> str | None:
        if not self.keys:
            return self._name("")
        first, *others = self.keys
        if self.shelf.newest(self._name(first)) == self._name(first):
            return self._name(first)
        found = (self.shelf.newest(self._name(key)) for key in others)
        return next((name for name in found if name), None)

    def _name(self, key: str) -> str:
        """Copies of other paths have another version, as on AWS."""
        if not self.keys:
            return "cache.tar.gz"
        version = hashlib.sha256("\n".join(self.cache.paths).encode()).hexdigest()[:16]
        return f"{version}-{key}"

    def _files(self) -> Iterator[tuple[str, Path]]:
        for pattern in self.cache.paths:
            part, inside = _place(pattern)
            if part is None:
                self.tell(f"The cache path {pattern} lies outside of the build and is not kept")
                continue
            base = (self.folder / part).resolve()
            for path in matching(base, inside):
                yield f"{part}/{path.relative_to(base).as_posix()}", path


def kept(
    platform: Platform,
    caller: Caller,
    build: Mapping[str, Any],
    folder: Path,
    spec: Buildspec,
    tell: Tell,
) -> Kept | None:
    """Return the cache of a build, restored where it has no key; None where there is none."""
    wanted = build["cache"]
    local = wanted["type"] == "LOCAL"
    if spec.cache is None or wanted["type"] == "NO_CACHE":
        return None
    if local and "LOCAL_CUSTOM_CACHE" not in (wanted.get("modes") or ()):
        return None
    shelf = _on_disk(platform, build) if local else _in_s3(platform, caller, build)
    found = Kept(shelf, folder, spec.cache, tell)
    if not spec.cache.key:
        found.restore()
    return found


def _on_disk(platform: Platform, build: Mapping[str, Any]) -> Shelf:
    place = platform.state / "codebuild" / "cache" / build["account"] / build["region"]
    return Folder(place.joinpath(*(quote(part, safe="") for part in _scope(build))))


def _in_s3(platform: Platform, caller: Caller, build: Mapping[str, Any]) -> Shelf:
    location = str(build["cache"]["location"]).removeprefix("arn:aws:s3:::")
    bucket, _, prefix = location.partition("/")
    start = "".join(f"{part}/" for part in (prefix.strip("/"), *_scope(build)) if part)
    return Bucket(platform, caller, str(build["region"]), bucket, start, encryption(build))


def _scope(build: Mapping[str, Any]) -> tuple[str, ...]:
    """A namespace is shared by projects; else each has its own, a new one once invalidated."""
    if namespace := build["cache"].get("cacheNamespace"):
        return (f"shared-{namespace}",)
    return (str(build["projectName"]), str(build.get("cacheVersion") or "first"))


def _place(pattern: str) -> tuple[str | None, str]:
    for part, starts in (("home", _HOME), ("src", _SOURCE)):
        for start in starts:
            if pattern.startswith(start):
                return part, pattern.removeprefix(start)
    outside = pattern.startswith("/") or ".." in pattern.split("/")
    return (None if outside else "src"), pattern


def _packed(files: Mapping[str, Path]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as archive:
        for name, path in sorted(files.items()):
            archive.add(path, name, recursive=False)
    return out.getvalue()


def _unpack(content: bytes, folder: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        members = [one for one in archive if one.name.partition("/")[0] in _PARTS]
        archive.extractall(folder, members, filter="data")


def _why(error: Exception) -> str:
    return error.message if isinstance(error, ApiError) else str(error)

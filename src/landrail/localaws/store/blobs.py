"""Files by the sha256 of their contents, below the state folder: image layers, packages, bodies.

Written to a temporary name and renamed, so that a digest that is there is whole.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

_DIGEST = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20


class Blobs:
    """A folder of blobs; a digest is 64 hexadecimal digits, without `sha256:`. What is not there is
    looked for in the folder `older`."""

    def __init__(self, folder: Path, older: Path | None = None) -> None:
        self._folder = folder
        self._older = older
        self._incoming = folder / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True)

    def clean(self) -> None:
        """Remove what was being written when the last server ended."""
        for path in self._incoming.iterdir():
            path.unlink()

    def keep_only(self, digests: set[str]) -> None:
        """Remove all blobs but these, and what was being written; only for who alone knows what is
        in use."""
        self.clean()
        for path in self._folder.glob("??/*"):
            if path.name not in digests:
                path.unlink()

    def path(self, digest: str) -> Path:
        """Return where a blob is, or would be."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"not a sha256 digest: {digest!r}")
        path = self._folder / digest[:2] / digest
        if self._older is not None and not path.exists():
            old = self._older / digest[:2] / digest
            return old if old.exists() else path
        return path

    def has(self, digest: str) -> bool:
        """Say whether a blob is there."""
        return self.path(digest).is_file()

    def get(self, digest: str) -> bytes:
        """Return a blob's contents; raises FileNotFoundError."""
        return self.path(digest).read_bytes()

    def put(self, data: bytes) -> str:
        """Keep these bytes and return their digest."""
        digest = hashlib.sha256(data).hexdigest()
        if not self.has(digest):
            self.write((data,))
        return digest

    def put_file(self, path: Path) -> str:
        """Keep a copy of a file and return its digest."""
        with path.open("rb") as file:
            return self.write(iter(lambda: file.read(_CHUNK), b""))

    def write(self, chunks: Iterable[bytes]) -> str:
        """Keep a stream of bytes and return its digest."""
        digest = hashlib.sha256()
        handle, name = tempfile.mkstemp(dir=self._incoming)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    digest.update(chunk)
                    file.write(chunk)
            final = self.path(digest.hexdigest())
            final.parent.mkdir(exist_ok=True)
            os.replace(name, final)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return digest.hexdigest()

    def delete(self, digest: str) -> None:
        """Remove a blob, if it is there."""
        self.path(digest).unlink(missing_ok=True)

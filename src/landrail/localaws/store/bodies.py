"""Bodies of objects in S3: small ones in memory, others as files by their digest.

moto keeps a temporary file for each object, which no restart finds again; in its place stands a
`Body`. Its file is the same that the journal refers to, so a large object is on disk once.
"""

from __future__ import annotations

import types
from typing import Any

from landrail.localaws.store.blobs import Blobs

INLINE = 4096
"""Bodies up to this size are kept in memory, in the journal and in snapshots themselves."""
_places: list[Blobs] = []


def keep_in(blobs: Blobs | None) -> None:
    """Say where bodies are kept from now on; None: in memory."""
    _places[:] = [] if blobs is None else [blobs]


class Body:
    """The contents of an object, as moto uses a file of them."""

    def __init__(self, _size: int = 0, /, **_: Any) -> None:
        self._small = b""
        self._digest: str | None = None
        self._at = 0

    @property
    def digest(self) -> str | None:
        """The name of its file, if it has one."""
        return self._digest

    def seek(self, at: int) -> int:
        """Read or write from here on."""
        self._at = at
        return at

    def truncate(self) -> int:
        """Cut off what stands behind."""
        self._set(self._whole()[: self._at])
        return self._at

    def write(self, data: bytes) -> int:
        """Write; what stood there is written over."""
        whole = self._whole() if self._at or self._digest or self._small else b""
        self._set(whole[: self._at] + bytes(data) + whole[self._at + len(data) :])
        self._at += len(data)
        return len(data)

    def read(self, size: int = -1) -> bytes:
        """Return the bytes from here on."""
        whole = self._whole()
        end = len(whole) if size < 0 else self._at + size
        found = whole[self._at : end]
        self._at += len(found)
        return found

    def close(self) -> None:
        """The file stays: the journal refers to it, and others may be the same."""

    def _whole(self) -> bytes:
        return self._small if self._digest is None else _places[0].get(self._digest)

    def _set(self, data: bytes) -> None:
        if len(data) > INLINE and _places:
            self._small, self._digest = b"", _places[0].put(data)
        else:
            self._small, self._digest = data, None


files = types.ModuleType("tempfile", "What moto.s3 takes for the module of this name.")
files.SpooledTemporaryFile = Body  # type: ignore[attr-defined]  # as in the module it stands for

"""Layer uploads under way: parts appended to a file, checked against the digest at the end."""

from __future__ import annotations

import hashlib
import re
import threading
import uuid
from collections.abc import Iterable
from pathlib import Path

from landrail.localaws.api import ApiError
from landrail.localaws.store import Blobs

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class Uploads:
    """The uploads of one server; those cut off by its end are begun again by the client."""

    def __init__(self, folder: Path, blobs: Blobs) -> None:
        self._folder = folder
        self._blobs = blobs
        self._owners: dict[str, str] = {}
        self._lock = threading.Lock()

    def begin(self, repository: str) -> str:
        """Begin an upload to a repository (its ARN) and return its id."""
        self._folder.mkdir(parents=True, exist_ok=True)
        upload = str(uuid.uuid4())
        (self._folder / upload).touch()
        with self._lock:
            self._owners[upload] = repository
        return upload

    def size(self, repository: str, upload: str) -> int:
        """Return how many bytes have come."""
        return self._path(repository, upload).stat().st_size

    def append(
        self, repository: str, upload: str, chunks: Iterable[bytes], first: int | None = None
    ) -> int:
        """Add bytes that begin at `first`; return how many there are now."""
        path = self._path(repository, upload)
        have = path.stat().st_size
        if first is not None and first != have:
            raise ApiError(
                "InvalidLayerPartException",
                f"Layer part first byte {first} is not the next one, {have}",
                416,
            )
        with path.open("ab") as file:
            for chunk in chunks:
                file.write(chunk)
        return path.stat().st_size

    def complete(self, repository: str, upload: str, digest: str) -> None:
        """Check the digest and put the blob into the store."""
        path = self._path(repository, upload)
        if not DIGEST.fullmatch(digest):
            raise ApiError("InvalidLayerException", f"{digest} is not a sha256 digest")
        with path.open("rb") as file:
            found = "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
        if found != digest:
            self.cancel(repository, upload)
            raise ApiError(
                "InvalidLayerException", f"The digest {digest} is not that of the layer, {found}"
            )
        self._blobs.put_file(path)
        self.cancel(repository, upload)

    def cancel(self, repository: str, upload: str) -> None:
        """Drop an upload."""
        path = self._path(repository, upload)
        with self._lock:
            del self._owners[upload]
        path.unlink(missing_ok=True)

    def _path(self, repository: str, upload: str) -> Path:
        with self._lock:
            owner = self._owners.get(upload)
        if owner != repository:
            raise ApiError("UploadNotFoundException", f"The upload {upload} does not exist")
        return self._folder / upload

"""Files of a step as one archive: the same bytes for the same files, whenever they were written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(files: Iterable[tuple[str, Path]]) -> bytes:
    """Return an archive of files, each under a name."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files:
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), file.read_bytes())
    return body.getvalue()


def unpack(body: bytes, folder: Path) -> None:
    """Lay the files of an archive into a folder."""
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        archive.extractall(folder)

"""Files to a layer: a tar with fixed times, owners and order, in a gzip that does not compress.

Compressed bytes differ between versions of zlib, so that the same code would get another digest on
another machine. Stored blocks are the same everywhere, and a project's code is small.
"""

from __future__ import annotations

import io
import struct
import tarfile
import zlib
from collections.abc import Mapping

from landrail.images.files import File
from landrail.images.image import Descriptor, Layer, digest_of

_BLOCK = 0xFFFF
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def layer(files: Mapping[str, File], media_type: str) -> Layer:
    """Return the layer that holds these files; paths are relative to the image's root."""
    archive = _tar(files)
    content = _stored(archive)
    return Layer(
        Descriptor(media_type, digest_of(content), len(content)), digest_of(archive), content
    )


def _tar(files: Mapping[str, File]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for folder in _folders(files):
            archive.addfile(_entry(folder, 0o755, tarfile.DIRTYPE))
        for name in sorted(files):
            entry = _entry(name, 0o755 if files[name].executable else 0o644, tarfile.REGTYPE)
            entry.size = len(files[name].content)
            archive.addfile(entry, io.BytesIO(files[name].content))
    return out.getvalue()


def _folders(files: Mapping[str, File]) -> list[str]:
    found = set()
    for name in files:
        parts = name.split("/")[:-1]
        found |= {"/".join(parts[: n + 1]) for n in range(len(parts))}
    return sorted(found)


def _entry(name: str, mode: int, kind: bytes) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.mtime = kind, mode, 0
    entry.uid = entry.gid = 0
    return entry


def _stored(data: bytes) -> bytes:
    blocks = [_GZIP_HEADER]
    for start in range(0, len(data) or 1, _BLOCK):
        piece = data[start : start + _BLOCK]
        last = start + _BLOCK >= len(data)
        blocks.append(struct.pack("<BHH", last, len(piece), len(piece) ^ 0xFFFF) + piece)
    blocks.append(struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF))
    return b"".join(blocks)

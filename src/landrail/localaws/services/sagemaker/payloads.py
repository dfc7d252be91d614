"""How a transform job cuts its input into payloads and joins the answers."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator

_MEGABYTE = 1024 * 1024


class TooLarge(Exception):
    """One record, or one file that is not split, is larger than MaxPayloadInMB."""


def content(data: bytes, compression: str) -> bytes:
    """Return an object's contents as the container gets them; raises OSError or EOFError."""
    return gzip.decompress(data) if compression == "Gzip" else data


def cut(data: bytes, split: str, strategy: str, megabytes: int) -> Iterator[bytes]:
    """Yield the payloads of one object: all of it, or its lines one by one or as many as fit.

    `megabytes` of 0 means without limit. Raises TooLarge.
    """
    limit = megabytes * _MEGABYTE or len(data) + 1
    if split == "None":
        yield _fitting(data, limit)
        return
    lines = data.splitlines(keepends=True)
    if strategy == "SingleRecord":
        for line in lines:
            yield _fitting(line, limit)
        return
    batch: list[bytes] = []
    size = 0
    for line in lines:
        if batch and size + len(line) > limit:
            yield b"".join(batch)
            batch, size = [], 0
        batch.append(_fitting(line, limit))
        size += len(line)
    if batch:
        yield b"".join(batch)


def join(answers: Iterable[bytes], assemble: str) -> bytes:
    """Return the output object of some answers; `Line` ends each with a line break."""
    if assemble != "Line":
        return b"".join(answers)
    return b"".join(a if a.endswith(b"\n") else a + b"\n" for a in answers)


def _fitting(data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise TooLarge(
            f"ClientError: a payload of {len(data)} bytes is larger than MaxPayloadInMB allows"
        )
    return data

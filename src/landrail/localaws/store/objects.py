"""Which files the objects of S3 have: what of a folder of bodies is in use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landrail.localaws.store.bodies import Body
from landrail.localaws.store.peek import accounts, backend


def digests() -> set[str]:
    """Return the digests of all bodies that objects, and parts of uploads, have as files."""
    return {
        body.digest
        for owner in accounts("s3")
        if (held_there := backend("s3", owner)) is not None
        for bucket in held_there.buckets.values()
        for held in (*_versions(bucket), *_parts(bucket))
        if isinstance(body := vars(held).get("_value_buffer"), Body) and body.digest
    }


def _versions(bucket: Any) -> Iterator[Any]:
    for name in bucket.keys:
        yield from bucket.keys.getlist(name)


def _parts(bucket: Any) -> Iterator[Any]:
    """Parts of uploads under way, and of those that objects still hold."""
    for upload in bucket.multiparts.values():
        yield from upload.parts.values()
    for held in _versions(bucket):
        whole = vars(held).get("multipart")
        if whole is not None:
            yield from whole.parts.values()

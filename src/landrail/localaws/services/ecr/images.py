"""Images of a repository: manifests by digest, tags that point to them, the layers it holds.

The bytes lie in the blob store; a repository sees only the layers that were pushed to it.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.store import Blobs, Tables

OCI = "application/vnd.oci.image.manifest.v1+json"
INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
MANIFESTS = (OCI, "application/vnd.docker.distribution.manifest.v2+json")
Record = dict[str, Any]


class Images:
    """What lies in the repositories of all accounts."""

    def __init__(self, tables: Tables, blobs: Blobs) -> None:
        self.blobs = blobs
        self._tables = tables
        self._images = tables.table("ecr.images")
        self._tags = tables.table("ecr.tags")
        self._layers = tables.table("ecr.layers")

    def find(self, repository: Record, reference: str) -> Record | None:
        """Return an image by digest or tag, or None."""
        where = _where(repository)
        digest = reference if ":" in reference else self._tags.get(*where, reference)
        image: Record | None = self._images.get(*where, digest) if digest else None
        return image

    def all(self, repository: Record) -> list[Record]:
        """Return the images of a repository, oldest first."""
        found = [image for _, image in self._images.scan(*_where(repository))]
        return sorted(found, key=lambda one: one["pushed"])

    def tags(self, repository: Record) -> dict[str, str]:
        """Return the tags of a repository with their digests."""
        return {key[-1]: digest for key, digest in self._tags.scan(*_where(repository))}

    def tags_of(self, repository: Record, digest: str) -> list[str]:
        """Return the tags of one image."""
        return [tag for tag, one in self.tags(repository).items() if one == digest]

    def count(self, repository: Record) -> int:
        """Return how many images a repository has."""
        return len(self.all(repository))

    def layer(self, repository: Record, digest: str) -> Record | None:
        """Return what is known of a layer the repository holds, or None."""
        layer: Record | None = self._layers.get(*_where(repository), digest)
        return layer if layer and self.blobs.has(_hex(digest)) else None

    def add_layer(self, repository: Record, digest: str) -> None:
        """Note that the repository holds a blob that lies in the store."""
        size = self.blobs.path(_hex(digest)).stat().st_size
        self._layers.put(*_where(repository), digest, value={"size": size})

    def put(
        self, repository: Record, manifest: bytes, media_type: str | None, tag: str | None
    ) -> Record:
        """Keep a manifest and point the tag to it; raises ApiError where AWS would refuse."""
        digest = "sha256:" + hashlib.sha256(manifest).hexdigest()
        document = _document(manifest)
        kind = media_type or str(document.get("mediaType") or OCI)
        if kind not in (*MANIFESTS, *INDEXES):
            raise ApiError("InvalidParameterException", f"Manifest media type {kind} is unknown")
        size = self._check_parts(repository, document, kind)
        with self._tables.exclusive():
            self._check_tag(repository, tag, digest)
            where, now = _where(repository), time.time()
            image: Record = self._images.get(*where, digest) or {
                "digest": digest,
                "manifest": manifest.decode("utf-8"),
                "media_type": kind,
                "size": size,
                "config": str((document.get("config") or {}).get("mediaType") or ""),
                "pushed": now,
            }
            self._images.put(*where, digest, value=image)
            if tag is not None:
                self._tags.put(*where, tag, value=digest)
        return image

    def remove_tag(self, repository: Record, tag: str) -> bool:
        """Take a tag away; an image that loses its last tag stays, untagged."""
        return self._tags.delete(*_where(repository), tag)

    def remove(self, repository: Record, digest: str) -> None:
        """Delete an image with its tags."""
        for tag in self.tags_of(repository, digest):
            self._tags.delete(*_where(repository), tag)
        self._images.delete(*_where(repository), digest)

    def drop(self, repository: Record) -> None:
        """Delete everything a repository holds (blobs may be another's: they stay)."""
        for table in (self._images, self._tags, self._layers):
            for key, _ in list(table.scan(*_where(repository))):
                table.delete(*key)

    def _check_parts(self, repository: Record, document: Record, kind: str) -> int:
        """Return the image's size; every part must lie in this repository."""
        if kind in INDEXES:
            missing = [
                one["digest"]
                for one in document.get("manifests") or []
                if self.find(repository, str(one["digest"])) is None
            ]
            if missing:
                raise ApiError(
                    "ReferencedImagesNotFoundException",
                    f"Images with digests {', '.join(missing)} required for pushing image into "
                    f"repository with name '{repository['name']}' do not exist",
                )
            return sum(int(one.get("size") or 0) for one in document.get("manifests") or [])
        parts = list(_parts(document))
        missing = [digest for digest, _ in parts if self.layer(repository, digest) is None]
        if missing:
            raise ApiError(
                "LayersNotFoundException",
                f"Image required layers with digests {', '.join(missing)} do not exist in the "
                f"repository with name '{repository['name']}' in the registry with id "
                f"'{repository['account']}'",
            )
        return sum(size for _, size in parts)

    def _check_tag(self, repository: Record, tag: str | None, digest: str) -> None:
        if tag is None:
            return
        there = self._tags.get(*_where(repository), tag)
        if repository["mutability"] == "IMMUTABLE" and there not in (None, digest):
            raise ApiError(
                "ImageTagAlreadyExistsException",
                f"The image tag '{tag}' already exists in the '{repository['name']}' repository "
                "and cannot be overwritten because the tag is immutable.",
            )


def _document(manifest: bytes) -> Record:
    try:
        found = json.loads(manifest)
    except ValueError as wrong:
        raise ApiError("InvalidParameterException", "The manifest is not JSON") from wrong
    if not isinstance(found, dict) or found.get("schemaVersion") != 2:
        raise ApiError("InvalidParameterException", "The manifest's schemaVersion is not 2")
    return found


def _parts(document: Record) -> Iterator[tuple[str, int]]:
    for part in [document.get("config"), *(document.get("layers") or [])]:
        if not isinstance(part, dict) or "digest" not in part:
            raise ApiError("InvalidParameterException", "The manifest lacks config or layers")
        yield str(part["digest"]), int(part.get("size") or 0)


def _where(repository: Record) -> tuple[str, str, str]:
    return repository["account"], repository["region"], repository["name"]


def _hex(digest: str) -> str:
    return digest.removeprefix("sha256:")

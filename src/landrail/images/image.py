"""The values: descriptors, layers, the base an image stands on, and the image itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_CONFIG = "application/vnd.oci.image.config.v1+json"
OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"
DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"

# An image keeps the family of media types of its base: registries and runtimes refuse mixtures.
FAMILIES = {
    OCI_MANIFEST: (OCI_CONFIG, OCI_LAYER),
    DOCKER_MANIFEST: (DOCKER_CONFIG, DOCKER_LAYER),
}


class ImageError(Exception):
    """An image cannot be built or moved; the text says why, for the user."""


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a manifest says of a blob: its media type, digest (`sha256:...`) and size in bytes."""

    media_type: str
    digest: str
    size: int

    def to_json(self) -> dict[str, Any]:
        """Return it as manifests write it."""
        return {"mediaType": self.media_type, "digest": self.digest, "size": self.size}


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer: `diff_id` is the digest of the tar inside; `content` is None for a layer that lies
    in the registry of the base and is mounted or copied from there."""

    descriptor: Descriptor
    diff_id: str
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Base:
    """What an image stands on: layers, and the settings of its config that are inherited."""

    name: str
    layers: tuple[Layer, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    architecture: str = "amd64"
    system: str = "linux"
    user: str = ""
    manifest_type: str = OCI_MANIFEST


@dataclass(frozen=True, slots=True)
class Image:
    """A finished image: the bytes of its manifest and config, and its layers in order."""

    manifest: bytes = field(repr=False)
    manifest_type: str
    config: bytes = field(repr=False)
    layers: tuple[Layer, ...]

    @property
    def digest(self) -> str:
        """The digest by which the image is named."""
        return digest_of(self.manifest)

    @property
    def config_digest(self) -> str:
        """The digest of the config blob."""
        return digest_of(self.config)


def digest_of(data: bytes) -> str:
    """Return `sha256:` and the digest of some bytes."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def canonical(value: Any) -> bytes:
    """Return JSON that is the same for the same value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()

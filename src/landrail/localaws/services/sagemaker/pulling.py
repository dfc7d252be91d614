"""Images out of the registry under an execution role, as AWS pulls them: three ECR actions."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from landrail.localaws.api import ApiError, Caller, Platform
from landrail.localaws.runtimes.images import LayerFile, Unpacked, unpack
from landrail.localaws.store.blobs import Blobs

_URI = re.compile(
    r"(?P<account>[0-9]{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/"
    r"(?P<name>[a-z0-9]+(?:[._/-][a-z0-9]+)*)(?::(?P<tag>[\w.-]+))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
_KINDS = [
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
]


class CannotPull(Exception):
    """The image is not there or may not be read; the text is AWS's."""


@dataclass(frozen=True, slots=True)
class Found:
    """An image of the registry: what was asked for, and the same by digest."""

    uri: str
    resolved: str
    account: str
    region: str
    repository: str
    manifest: dict[str, Any] = field(repr=False)


def find(platform: Platform, caller: Caller, uri: str) -> Found:
    """Look an image up, by digest or tag, as the execution role; raises CannotPull."""
    match = _URI.fullmatch(uri)
    if match is None:
        raise CannotPull(f"Invalid image URI {uri}. Please provide a valid Amazon ECR image.")
    wanted = {"imageDigest": match["digest"]} if match["digest"] else {"imageTag": match["tag"]}
    if not match["digest"] and not match["tag"]:
        wanted = {"imageTag": "latest"}
    place = {"registryId": match["account"], "repositoryName": match["name"]}
    try:
        platform.call(caller, "ecr", "GetAuthorizationToken", {}, region=match["region"])
        answer = platform.call(
            caller,
            "ecr",
            "BatchGetImage",
            {**place, "imageIds": [wanted], "acceptedMediaTypes": _KINDS},
            region=match["region"],
        )
    except ApiError as error:
        raise CannotPull(
            f"Could not access the image {uri}. Please ensure the repository exists and the "
            f"execution role has permission to pull from it: {error.code}: {error.message}"
        ) from error
    images = answer.get("images") or []
    if not images:
        reasons = "; ".join(f["failureReason"] for f in answer.get("failures") or [])
        raise CannotPull(f"Requested image {uri} not found. {reasons}".strip())
    digest = images[0]["imageId"]["imageDigest"]
    host = uri.split("/")[0]
    return Found(
        uri,
        f"{host}/{match['name']}@{digest}",
        match["account"],
        match["region"],
        match["name"],
        json.loads(images[0]["imageManifest"]),
    )


def pull(platform: Platform, blobs: Blobs, caller: Caller, found: Found) -> Unpacked:
    """Fetch and unpack an image; each blob is authorized by `ecr:GetDownloadUrlForLayer`.

    Raises CannotPull, and CannotRun for an image that this machine cannot run.
    """
    config: dict[str, Any] = found.manifest["config"]
    layers: list[dict[str, Any]] = found.manifest["layers"]
    for blob in (config, *layers):
        _authorized(platform, caller, found, blob["digest"])
    files = [
        LayerFile(item["digest"], item["mediaType"], blobs.path(_hex(item["digest"])))
        for item in layers
    ]
    missing = [d["digest"] for d in (config, *layers) if not blobs.has(_hex(d["digest"]))]
    if missing:
        raise CannotPull(f"The registry has lost the blobs {', '.join(missing)} of {found.uri}.")
    return unpack(platform.state / "images", blobs.get(_hex(config["digest"])), files)


def _authorized(platform: Platform, caller: Caller, found: Found, digest: str) -> None:
    params = {
        "registryId": found.account,
        "repositoryName": found.repository,
        "layerDigest": digest,
    }
    try:
        platform.call(caller, "ecr", "GetDownloadUrlForLayer", params, region=found.region)
    except ApiError as error:
        raise CannotPull(f"Could not pull {found.uri}: {error.code}: {error.message}") from error


def _hex(digest: str) -> str:
    return digest.removeprefix("sha256:")

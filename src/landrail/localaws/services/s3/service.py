"""The operations of S3 that tell an owner: the store performs them, and the owner's canonical user
id, by which lists and policies may name an account, is put into the answer. Settings that nobody
can set here are answered by `settings`.

Everything else of S3 is the store's alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from landrail.localaws.api import Answering, ApiCall, ApiError, Door, Operation, Platform
from landrail.localaws.services.s3.settings import Settings
from landrail.localaws.store import MOTOS_OWNER, AccessPoints, Blobs, Tables, canonical_id

_OWNED = "ListBuckets GetBucketAcl GetObjectAcl ListObjects ListObjectVersions ListParts"
_MORE = "ListMultipartUploads"
_ALSO_MOTOS = "bcaf1ffd86f41161ca5fb16fd081034f"


def build(platform: Platform, tables: Tables, blobs: Blobs) -> S3:
    """Return the service."""
    del blobs
    return S3(platform, tables)


class S3(Answering):
    """S3's answers with the owners' own ids."""

    name = "s3"
    owned = False
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(self, platform: Platform, tables: Tables) -> None:
        self._platform = platform
        self._points = AccessPoints(tables)
        names = (*_OWNED.split(), *_MORE.split())
        self.operations: Mapping[str, Operation] = {
            **dict.fromkeys(names, self._owned),
            **Settings(platform).operations(),
            "DeleteBucket": self._delete_bucket,
        }

    def _delete_bucket(self, call: ApiCall) -> Mapping[str, Any]:
        bucket = call.params["Bucket"]
        if any(point.bucket == bucket for point in self._points.all(call.account)):
            raise ApiError(
                "BucketHasAccessPointsAttached",
                "The bucket you tried to delete has access points attached. Delete your access "
                "points before attempting this operation.",
                400,
            )
        return self._platform.perform(call)

    def _owned(self, call: ApiCall) -> Mapping[str, Any]:
        found: Mapping[str, Any] = _named(self._platform.perform(call), canonical_id(call.account))
        return found


def _named(value: Any, owner: str) -> Any:
    """The answer with the owner's id where the store has its one for all."""
    if isinstance(value, dict):
        if value.get("ID") in (MOTOS_OWNER, _ALSO_MOTOS):
            return {**value, "ID": owner}
        return {name: _named(inner, owner) for name, inner in value.items()}
    return [_named(item, owner) for item in value] if isinstance(value, list) else value

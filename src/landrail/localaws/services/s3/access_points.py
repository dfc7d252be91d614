"""S3 Control's ways into buckets beside their own names: access points and their like.

Calls through them are refused at the gate, so making one is refused too: a record of it would be a
door that leads nowhere. Everything else of S3 Control is the store's.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from landrail.localaws.api import Answering, ApiCall, ApiError, Door, Operation, Platform
from landrail.localaws.store import Blobs, Tables

_MAKING = (
    "CreateAccessGrantsInstance",
    "CreateAccessPoint",
    "CreateAccessPointForObjectLambda",
    "CreateMultiRegionAccessPoint",
    "PutAccessPointPolicy",
)


def build_control(platform: Platform, tables: Tables, blobs: Blobs) -> S3Control:
    """Return the service."""
    del platform, tables, blobs
    return S3Control()


class S3Control(Answering):
    """What S3 Control has here that the store has not: refusals by name."""

    name = "s3control"
    owned = False
    doors: Mapping[str, Door] = MappingProxyType({})
    operations: Mapping[str, Operation] = MappingProxyType({})

    def __init__(self) -> None:
        self.operations = dict.fromkeys(_MAKING, _refuse)


def _refuse(call: ApiCall) -> Mapping[str, Any]:
    raise ApiError(
        "NotImplemented",
        f"The local AWS does not have s3control:{call.operation}: buckets are reached by their own "
        "names only. This is a gap of Landrail, not an answer of AWS.",
        501,
    )

"""What moto would take and then ignore, take for something else, or could not bring back after a
restart: refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.store.mends.mistaken import MISTAKEN

_SYMMETRIC = (None, "SYMMETRIC_DEFAULT")


def refuse_ignored(service: str, operation: str, params: Mapping[str, Any]) -> None:
    """Raise ApiError for parameters that would have no effect though they ask for one."""
    lost: str | None = None
    if service == "s3" and operation in MISTAKEN:
        raise ApiError(
            "UnsupportedOperation", f"The local AWS does not have s3:{operation} yet.", 501
        )
    if (service, operation) == ("kms", "CreateKey"):
        spec = params.get("KeySpec") or params.get("CustomerMasterKeySpec")
        if spec not in _SYMMETRIC:
            lost = f"a key of spec {spec}"
    if (service, operation) == ("secretsmanager", "RotateSecret"):
        # No function runs here: a schedule can be kept, a secret cannot be rotated.
        lost = None if params.get("RotateImmediately") is False else "rotation at once"
    if lost is not None:
        raise ApiError(
            "UnsupportedOperation",
            f"The local AWS does not have {lost} ({service}:{operation}) yet.",
            501,
        )

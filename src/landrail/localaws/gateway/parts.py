"""Operations of which each part is allowed or denied by itself, and is answered by itself.

S3's DeleteObjects: AWS deletes the keys that may be deleted and lists the others in `Errors`.
Source: Amazon S3 API Reference, DeleteObjects.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_CODE = "AccessDenied"


def allowed_parts(params: Mapping[str, Any], refused: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the parameters without the refused parts, None where nothing is left."""
    delete = params["Delete"]
    kept = [o for i, o in enumerate(delete["Objects"]) if str(i) not in refused]
    return {**params, "Delete": {**delete, "Objects": kept}} if kept else None


def joined(
    params: Mapping[str, Any], refused: Mapping[str, str], done: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the answer for all parts: what was done, and an error for each that was refused."""
    errors = list(done.get("Errors") or ())
    for number, item in enumerate(params["Delete"]["Objects"]):
        message = refused.get(str(number))
        if message is not None:
            named = {k: item[k] for k in ("Key", "VersionId") if item.get(k)}
            errors.append({**named, "Code": _CODE, "Message": message})
    return {**done, "Errors": errors}

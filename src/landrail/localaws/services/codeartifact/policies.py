"""Resource policies of domains and repositories: put, get, delete, each with a revision."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError

Record = dict[str, Any]


class Policies:
    """The three operations on the policy of one kind of resource."""

    def __init__(self, need: Callable[[ApiCall], Record], keep: Callable[[Record], None]) -> None:
        self._need = need
        self._keep = keep

    def put(self, call: ApiCall) -> Mapping[str, Any]:
        """Set the policy."""
        record, text = self._need(call), str(call.params["policyDocument"])
        try:
            json.loads(text)
        except ValueError as wrong:
            raise ApiError(
                "ValidationException", f"The policy document is not JSON: {wrong}"
            ) from wrong
        _check(call, record)
        fresh = {**record, "policy": text, "revision": uuid.uuid4().hex}
        self._keep(fresh)
        return {"policy": _shown(fresh)}

    def get(self, call: ApiCall) -> Mapping[str, Any]:
        """Return the policy."""
        record = self._need(call)
        if record["policy"] is None:
            raise ApiError("ResourceNotFoundException", f"{record['arn']} has no policy.", 404)
        return {"policy": _shown(record)}

    def delete(self, call: ApiCall) -> Mapping[str, Any]:
        """Remove the policy."""
        record = self._need(call)
        answer = self.get(call)
        _check(call, record)
        self._keep({**record, "policy": None, "revision": None})
        return answer


def _check(call: ApiCall, record: Record) -> None:
    asked = call.params.get("policyRevision")
    if asked and record["revision"] and asked != record["revision"]:
        raise ApiError("ConflictException", "The policy has another revision by now.", 409)


def _shown(record: Record) -> dict[str, str]:
    return {
        "resourceArn": record["arn"],
        "revision": record["revision"],
        "document": record["policy"],
    }

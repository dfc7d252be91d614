"""The local AWS's own doors: is it there, and what was decided about an event."""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Callable, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any

from werkzeug.wrappers import Request, Response

from landrail.localaws.api import Answering, Door, Operation
from landrail.localaws.runtimes.sandbox import wall
from landrail.localaws.trail import Trail

_EVENTS = "/_landrail/events/"
_DENIALS = "/_landrail/denials"
_DENIED = frozenset({"Deny", "EXPLICIT_DENY", "IMPLICIT_DENY"})


class Own(Answering):
    """Answers `/_landrail/health` (to anybody), and `/_landrail/events/ID` and
    `/_landrail/denials` (to who has the secret)."""

    name = "landrail"
    owned = True
    operations: Mapping[str, Operation] = MappingProxyType({})

    def __init__(self, version: str, secret: str, trail: Trail, ready: Callable[[], bool]) -> None:
        self._version = version
        self._secret = secret
        self._trail = trail
        self._ready = ready
        self.doors: Mapping[str, Door] = {
            "/_landrail/health": self.health,
            _EVENTS: self.event,
            _DENIALS: self.denials,
        }

    def health(self, request: Request) -> Response:
        """Say that the server is there, and whether it is ready."""
        del request
        told = {"version": self._version, "pid": os.getpid(), "ready": self._ready()}
        return _json({**told, "isolation": wall()[1]})

    def event(self, request: Request) -> Response:
        """Return the trail's entry of an event, by its id or what its id alone begins with."""
        if not self._allowed(request):
            return _json({"error": "the secret of the state folder is needed"}, 403)
        entry = self._trail.find(request.path[len(_EVENTS) :])
        if entry is None:
            return _json({"error": "there is no such event in this state folder"}, 404)
        return _json(entry)

    def denials(self, request: Request) -> Response:
        """Return the latest denials, newest first, `most` of them."""
        if not self._allowed(request):
            return _json({"error": "the secret of the state folder is needed"}, 403)
        most = request.args.get("most", "")
        count = min(int(most), 100) if most.isdigit() else 10
        latest = self._trail.denials()
        denied = (e for e in latest if e.get("landrail", {}).get("decision") in _DENIED)
        return _json({"denials": [_brief(entry) for entry in islice(denied, count)]})

    def _allowed(self, request: Request) -> bool:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        given = given or request.args.get("secret", "")
        return hmac.compare_digest(given.encode(), self._secret.encode())


def _brief(entry: Mapping[str, Any]) -> dict[str, Any]:
    identity = entry["userIdentity"]
    service = str(entry["eventSource"]).partition(".")[0]
    return {
        "event": entry["eventID"],
        "time": entry["eventTime"],
        "who": identity.get("arn") or identity.get("invokedBy") or "anonymous",
        "call": f"{service}:{entry['eventName']}",
    }


def _json(document: Mapping[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(document), status, content_type="application/json")

"""What Control Tower keeps: landing zone, enabled baselines and controls, operations, its policies.

Documents in tables, by account and region; nothing is decided here.
"""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.controltower.acting import Place
from landrail.localaws.store import Tables

RUNNING, SUCCEEDED, FAILED, CHANGING = "IN_PROGRESS", "SUCCEEDED", "FAILED", "UNDER_CHANGE"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
Document = dict[str, Any]


class Kept:
    """Things of one kind by their identifier, in the order in which they were made."""

    def __init__(self, tables: Tables, name: str) -> None:
        self._table = tables.table(f"controltower.{name}")

    def all(self, place: Place) -> list[Document]:
        """Return all of a place, the oldest first."""
        found = [value for _, value in self._table.scan(place.account, place.region)]
        return sorted(found, key=lambda value: value.get("made", 0))

    def everywhere(self) -> Iterator[tuple[Place, Document]]:
        """Yield all of all places."""
        for key, value in self._table.scan():
            yield Place(key[0], key[1]), value

    def get(self, place: Place, identifier: str) -> Document | None:
        """Return one, or None."""
        found: Document | None = self._table.get(place.account, place.region, identifier)
        return found

    def put(self, place: Place, identifier: str, value: Mapping[str, Any]) -> None:
        """Keep one."""
        stamped = {"made": time.time(), **value}
        self._table.put(place.account, place.region, identifier, value=stamped)

    def change(self, place: Place, identifier: str, **values: Any) -> None:
        """Change some of one that is there."""
        key = (place.account, place.region, identifier)
        if self._table.get(*key) is not None:
            self._table.update(*key, change=lambda old: {**old, **values})

    def drop(self, place: Place, identifier: str) -> None:
        """Forget one."""
        self._table.delete(place.account, place.region, identifier)


class Records:
    """All of it."""

    def __init__(self, tables: Tables) -> None:
        self.zones = Kept(tables, "zones")
        self.baselines = Kept(tables, "baselines")
        self.controls = Kept(tables, "controls")
        self.operations = Kept(tables, "operations")
        self.policies = Kept(tables, "policies")
        self.tags = Kept(tables, "tags")

    def zone(self, place: Place) -> Document | None:
        """Return the landing zone of a place."""
        return next(iter(self.zones.all(place)), None)

    def begin(self, place: Place, kind: str, operation: str, **about: Any) -> str:
        """Keep a new operation; return its identifier."""
        identifier = str(uuid.uuid4())
        document = {
            "id": identifier,
            "kind": kind,
            "operation": operation,
            "status": RUNNING,
            "start": time.time(),
            **about,
        }
        self.operations.put(place, identifier, document)
        return identifier

    def end(self, place: Place, identifier: str, failure: str | None) -> None:
        """Keep how an operation ended."""
        status = SUCCEEDED if failure is None else FAILED
        message = {} if failure is None else {"message": failure}
        self.operations.change(place, identifier, status=status, end=time.time(), **message)

    def running(self, place: Place, kind: str = "") -> list[Document]:
        """Return the operations that have not ended."""
        found = (o for o in self.operations.all(place) if o["status"] == RUNNING)
        return [o for o in found if kind in ("", o["kind"])]

    def operation(self, place: Place, kind: str, identifier: str) -> Document:
        """Return an operation; raises ApiError."""
        found = self.operations.get(place, identifier)
        if found is None or found["kind"] != kind:
            raise missing(f"Operation {identifier} does not exist.")
        return found


def missing(message: str) -> ApiError:
    """Return the answer for something that is not there."""
    return ApiError("ResourceNotFoundException", message, 404)


def conflict(message: str) -> ApiError:
    """Return the answer for what cannot be done now, or is done already."""
    return ApiError("ConflictException", message, 409)


def arn_of(place: Place, kind: str) -> str:
    """Return a new ARN of a kind of resource."""
    name = "".join(secrets.choice(_LETTERS) for _ in range(16))
    return f"arn:aws:controltower:{place.region}:{place.account}:{kind}/{name}"


def described(operation: Document, **more: Any) -> Document:
    """Return an operation in the words of the API."""
    shown = {
        "operationIdentifier": operation["id"],
        "operationType": operation["operation"],
        "status": operation["status"],
        "startTime": moment(operation["start"]),
        **{key: value for key, value in more.items() if value is not None},
    }
    if "end" in operation:
        shown["endTime"] = moment(operation["end"])
    if "message" in operation:
        shown["statusMessage"] = operation["message"]
    return shown


def moment(seconds: float) -> datetime:
    """Return a time in the form in which answers carry it."""
    return datetime.fromtimestamp(seconds, UTC)


def paged(found: list[Any], params: Mapping[str, Any], key: str, most: int = 100) -> Document:
    """Return one page of a list; raises ApiError for a token that is not one of ours."""
    size = int(params.get("maxResults") or params.get("MaxResults") or most)
    token = params.get("nextToken") or params.get("NextToken") or "0"
    if not str(token).isdigit():
        raise ApiError("ValidationException", "The token is not valid.", 400)
    start = int(token)
    page: Document = {key: found[start : start + size]}
    if start + size < len(found):
        page["NextToken" if key[:1].isupper() else "nextToken"] = str(start + size)
    return page

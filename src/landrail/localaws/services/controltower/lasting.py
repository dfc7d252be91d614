"""What takes its time, alike for landing zones, baselines and controls: begun, told, ended.

A resource and the operation on it are on record before anything is done; the rest is the worker's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.controltower.acting import Place
from landrail.localaws.services.controltower.governing import Governing
from landrail.localaws.services.controltower.records import (
    CHANGING,
    FAILED,
    SUCCEEDED,
    Document,
    Kept,
    Records,
    arn_of,
    conflict,
    described,
)
from landrail.localaws.services.controltower.working import Perform, Settle, Worker


class Lasting:
    """The operations of one `kind` on resources of one `table`; `shown` puts one in the words of
    the API."""

    def __init__(
        self,
        kind: str,
        table: Kept,
        records: Records,
        worker: Worker,
        shown: Callable[[Document], Document] = described,
    ) -> None:
        self.kind = kind
        self._table = table
        self._records = records
        self._worker = worker
        self._shown = shown

    def performed_by(self, perform: Perform, settle: Settle | None = None) -> None:
        """Say who performs them, and who keeps what they came to where that is not a status."""
        self._worker.performs(self.kind, perform, settle or self.settle)

    def told(self, key: str) -> Operation:
        """Return the operation of the API that tells how one goes, below `key`."""

        def get(call: ApiCall) -> Mapping[str, Any]:
            place = Place(call.account, call.region)
            identifier = str(call.params["operationIdentifier"])
            return {key: self._shown(self._records.operation(place, self.kind, identifier))}

        return get

    def make(
        self, call: ApiCall, resource: str, operation: str, kept: Document, **about: Any
    ) -> Mapping[str, Any]:
        """Keep a new resource with the call's tags and begin an operation on it; return the
        answer."""
        place = Place(call.account, call.region)
        arn = arn_of(place, resource)
        self._table.put(place, arn, {"arn": arn, **kept})
        if call.params.get("tags"):
            self._records.tags.put(place, arn, {"tags": dict(call.params["tags"])})
        return {"arn": arn, **self.begin(place, operation, arn, **about)}

    def change(
        self, place: Place, kept: Document, operation: str, **about: Any
    ) -> Mapping[str, Any]:
        """Begin an operation on a resource that is there and is then under change; return the
        answer."""
        self._table.change(place, kept["arn"], status=CHANGING)
        return self.begin(place, operation, kept["arn"], **about)

    def begin(self, place: Place, operation: str, arn: str, **about: Any) -> Mapping[str, Any]:
        """Begin an operation; return the answer."""
        identifier = self._records.begin(place, self.kind, operation, arn=arn, **about)
        self._table.change(place, arn, last=identifier)
        self._worker.begin(place, identifier)
        return {"operationIdentifier": identifier}

    def settle(self, place: Place, operation: Document, succeeded: bool) -> None:
        """Keep whether an operation succeeded as the status of its resource."""
        status = SUCCEEDED if succeeded else FAILED
        self._table.change(place, operation["arn"], status=status)

    def newest(self, place: Place) -> list[Document]:
        """Return the operations, the newest first."""
        found = self._records.operations.all(place)
        return [one for one in reversed(found) if one["kind"] == self.kind]

    def check_free(
        self,
        governing: Governing,
        place: Place,
        target: str,
        *,
        most: int,
        beside: Collection[str] = (),
    ) -> None:
        """Refuse what cannot begin now: while the landing zone changes, beside an operation on the
        target (but for those of the kinds `beside`), or beyond `most` at once."""
        governing.check_idle(place)
        running = self._records.running(place)
        if any(o.get("target") == target and o["kind"] not in beside for o in running):
            raise conflict(f"Another operation on {target} is in progress. Try again later.")
        if sum(one["kind"] == self.kind for one in running) >= most:
            raise ApiError(
                "ServiceQuotaExceededException",
                f"At most {most} {self.kind} operations can be in progress at once.",
                402,
            )


def summary_of(kept: Document) -> Document:
    """Return the status of a resource in the words of the API."""
    status: Document = {"status": kept["status"]}
    if kept.get("last"):
        status["lastOperationIdentifier"] = kept["last"]
    return status

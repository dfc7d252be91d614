"""The DataProcessing of a transform job: what of a record goes to the model, and what of record and
prediction together is kept.

Records are rows of CSV (lists of text), lines of JSON, or one JSON document. Paths are those parts
of JSONPath that SageMaker has: a member, several, elements by number or range.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from landrail.localaws.services.sagemaker.records import Document

_PATH = re.compile(r"\$(?:\.(?P<member>[A-Za-z_]\w*)|\[(?P<parts>[^\[\]]+)\])?")
_NAME = re.compile(r"'([^']+)'|\"([^\"]+)\"")
_RANGE = re.compile(r"(-?\d*):(-?\d*)|(-?\d+)")
_KINDS = ("text/csv", "application/json", "application/jsonlines")
OUTPUT, INPUT = "SageMakerOutput", "SageMakerInput"


class NotAssociated(Exception):
    """Records and predictions do not fit the request; the text is for the FailureReason."""


class WrongPath(ValueError):
    """A path that SageMaker does not have."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A path: names of members, or numbers and ranges of elements; neither means all."""

    names: tuple[str, ...] = ()
    places: tuple[slice | int, ...] = ()
    alone: bool = False

    @classmethod
    def parse(cls, text: str) -> Filter:
        """Read a path; raises WrongPath."""
        found = _PATH.fullmatch(text)
        if found is None:
            raise WrongPath(text)
        if found["member"]:
            return cls(names=(found["member"],), alone=True)
        if found["parts"] is None:
            return cls()
        parts = [part.strip() for part in found["parts"].split(",")]
        names = [_NAME.fullmatch(part) for part in parts]
        if all(names):
            keys = tuple(str(one[1] or one[2]) for one in names if one is not None)
            return cls(names=keys, alone=len(keys) == 1)
        return cls(places=tuple(_place(part, text) for part in parts), alone=len(parts) == 1)

    def of_row(self, row: list[Any]) -> list[Any]:
        """Return the elements of a row; raises NotAssociated where there are none."""
        if self.names:
            raise NotAssociated("a row of CSV has no members, only elements by number")
        if not self.places:
            return row
        picked: list[Any] = []
        for place in self.places:
            if isinstance(place, slice):
                picked.extend(row[place])
            elif -len(row) <= place < len(row):
                picked.append(row[place])
            else:
                raise NotAssociated(f"a record of {len(row)} elements has no element {place}")
        return picked

    def of_value(self, value: Any) -> Any:
        """Return what the path means of a JSON value; raises NotAssociated."""
        if self.names:
            if not isinstance(value, dict) or any(name not in value for name in self.names):
                raise NotAssociated(f"a record has no member `{', '.join(self.names)}`")
            found = {name: value[name] for name in self.names}
            return found[self.names[0]] if self.alone else found
        if not self.places:
            return value
        if not isinstance(value, list):
            raise NotAssociated("a record that is not a list has no elements by number")
        picked = self.of_row(value)
        return picked[0] if self.alone and isinstance(self.places[0], int) else picked


def _place(part: str, path: str) -> slice | int:
    found = _RANGE.fullmatch(part)
    if found is None:
        raise WrongPath(path)
    if found[3] is not None:
        return int(found[3])
    first, last = (int(bound) if bound else None for bound in (found[1], found[2]))
    return slice(first, last)


@dataclass(frozen=True, slots=True)
class Association:
    """What a request's DataProcessing asks for."""

    kind: str
    given: Filter
    kept: Filter
    joined: bool

    @classmethod
    def of(cls, job: Document) -> Association | None:
        """Return what a job asks for, None where it asks for nothing; raises WrongPath."""
        asked = job.get("DataProcessing")
        if not asked:
            return None
        return cls(
            job["TransformInput"].get("ContentType", "").partition(";")[0].strip(),
            Filter.parse(asked.get("InputFilter", "$")),
            Filter.parse(asked.get("OutputFilter", "$")),
            asked.get("JoinSource", "None") == "Input",
        )

    def sent(self, piece: bytes) -> bytes:
        """Return what of a payload goes to the model; raises NotAssociated."""
        if self.kind == "text/csv":
            return _csv(self.given.of_row(row) for row in _rows(piece))
        return self._written(self.given.of_value(one) for one in self._values(piece))

    def saved(self, piece: bytes, answer: bytes) -> bytes:
        """Return what is kept of a payload and its answer; raises NotAssociated."""
        if self.kind == "text/csv":
            rows = _rows(answer)
            if self.joined:
                rows = [[*one, *two] for one, two in _pairs(_rows(piece), rows)]
            return _csv(self.kept.of_row(row) for row in rows)
        values = self._values(answer)
        if self.joined:
            values = [_together(one, two) for one, two in _pairs(self._values(piece), values)]
        return self._written(self.kept.of_value(one) for one in values)

    def _values(self, body: bytes) -> list[Any]:
        try:
            if self.kind == "application/json":
                return [json.loads(body)]
            return [json.loads(line) for line in body.splitlines() if line.strip()]
        except ValueError as error:
            raise NotAssociated(f"a record is not JSON: {error}") from error

    def _written(self, values: Iterable[Any]) -> bytes:
        return "\n".join(json.dumps(value) for value in values).encode()


def wrong(job: Document) -> str | None:
    """Say what SageMaker refuses in a request's DataProcessing; None where it takes it."""
    asked = job.get("DataProcessing")
    if not asked:
        return None
    for name in ("InputFilter", "OutputFilter"):
        try:
            Filter.parse(asked.get(name, "$"))
        except WrongPath:
            return f"{name} is not a valid JSONPath expression: {asked[name]}"
    content = job["TransformInput"].get("ContentType", "").partition(";")[0].strip()
    if content not in _KINDS:
        return f"DataProcessing requires a ContentType of {', '.join(_KINDS)}."
    accept = job["TransformOutput"].get("Accept", content).partition(";")[0].strip()
    if asked.get("JoinSource") == "Input" and accept != content:
        return "ContentType and Accept must be the same when JoinSource is Input."
    return None


def _rows(body: bytes) -> list[list[str]]:
    text = body.decode("utf-8", "replace")
    return [row for row in csv.reader(io.StringIO(text, newline="")) if row]


def _csv(rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _pairs(records: list[Any], answers: list[Any]) -> Iterable[tuple[Any, Any]]:
    if len(records) != len(answers):
        raise NotAssociated(
            f"the model answered {len(answers)} records to {len(records)}: they cannot be joined"
        )
    return zip(records, answers, strict=True)


def _together(record: Any, answer: Any) -> dict[str, Any]:
    if isinstance(record, dict):
        return {**record, OUTPUT: answer}
    return {INPUT: record, OUTPUT: answer}


_Send = Callable[[bytes], bytes]


def around(association: Association | None, send: _Send) -> _Send:
    """Return the sending of a payload with what is asked for before and after it."""
    if association is None:
        return send
    return lambda piece: association.saved(piece, send(association.sent(piece)))

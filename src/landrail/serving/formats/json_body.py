"""JSON: one row as an object, `{"instances": [row, ...]}`, `[row, ...]`, or columns and data.

{"dep_delay": 3.0, "origin": "EWR"}
{"instances": [{"dep_delay": 3.0, "origin": "EWR"}, ...]}
{"columns": ["dep_delay", "origin"], "data": [[3.0, "EWR"], ...]}
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from landrail.serving.refusal import Refusal
from landrail.serving.rows import Rows, Values, distinct
from landrail.serving.schema import Schema

CONTENT_TYPE = "application/json"


def read(body: bytes, options: Mapping[str, str], schema: Schema) -> Rows:
    """Return the rows of a document; raises Refusal (400)."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, [f"the body is not JSON: {error}"]) from error
    if isinstance(document, dict):
        if "instances" in document:
            return of_objects(document["instances"])
        if document.keys() == {"columns", "data"}:
            return _of_lists(document["columns"], document["data"])
        return of_objects([document])
    return of_objects(document)


def of_objects(rows: Any) -> Rows:
    """Return objects, each a row, as columns; what an object lacks is missing. Raises Refusal."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refusal(400, ["rows are objects: {COLUMN: VALUE, ...}"])
    if not rows:
        raise Refusal(400, ["there is no row"])
    if len(rows) == 1:
        return Rows({name: [value] for name, value in rows[0].items()}, 1)
    names = dict.fromkeys(name for row in rows for name in row)
    return Rows({name: [row.get(name) for row in rows] for name in names}, len(rows))


def _of_lists(names: Any, rows: Any) -> Rows:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Refusal(400, ["`columns` are the names of columns"])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Refusal(400, ["`data` are rows, each a list of values"])
    uneven = [place for place, row in enumerate(rows, 1) if len(row) != len(names)]
    if uneven:
        many = (
            f"row {uneven[0]} has {len(rows[uneven[0] - 1])} values, there are {len(names)} columns"
        )
        raise Refusal(400, [many])
    if not rows:
        raise Refusal(400, ["there is no row"])
    columns: dict[str, Values] = dict(
        zip(distinct(names), (list(c) for c in zip(*rows, strict=True)), strict=True)
    )
    return Rows(columns, len(rows))


def write(predictions: np.ndarray[Any, Any]) -> bytes:
    """Return `{"predictions": [...]}`."""
    return b'{"predictions": %b}' % json.dumps(plain(predictions)).encode()


def plain(predictions: np.ndarray[Any, Any]) -> Sequence[Any]:
    """Return predictions as JSON has them: what is not a number is null."""
    if predictions.dtype.kind == "f" and not np.isfinite(predictions).all():
        found = predictions.astype(object)
        found[~np.isfinite(predictions)] = None
        predictions = found
    return list(predictions.tolist())

"""CSV: with a header, or with `text/csv; header=absent` the schema's columns in their order.

An empty field is a missing value. Text becomes what the schema says; without a schema what looks
like a number is one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from landrail.serving.refusal import Refusal
from landrail.serving.rows import Rows, Values, distinct
from landrail.serving.schema import Column, Schema

CONTENT_TYPE = "text/csv"
_BOOLEANS = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}


def read(body: bytes, options: Mapping[str, str], schema: Schema) -> Rows:
    """Return the rows of a body; raises Refusal (400)."""
    names, rows = _header(_lines(body), options, schema)
    uneven = [f"row {n} has {len(row)} fields, there are {len(names)} columns"
              for n, row in enumerate(rows, 1) if len(row) != len(names)]  # fmt: skip
    if uneven:
        raise Refusal(400, uneven)
    if not rows:
        raise Refusal(400, ["there is no row"])
    columns: dict[str, Values] = {}
    for name, fields in zip(names, zip(*rows, strict=True), strict=True):
        if schema.columns and schema.get(name) is None:
            continue
        columns[name] = values(fields, schema.get(name))
    return Rows(columns, len(rows))


def _header(
    lines: list[list[str]], options: Mapping[str, str], schema: Schema
) -> tuple[Sequence[str], list[list[str]]]:
    if options.get("header") == "absent":
        if not schema.columns:
            raise Refusal(400, ["without a header there must be a schema, and this model has none"])
        return schema.names, lines
    if not lines:
        raise Refusal(400, ["there is no row, and no header"])
    return _named(lines[0]), lines[1:]


def header(line: bytes) -> Sequence[str]:
    """Return the columns that a header names; raises Refusal (400)."""
    lines = _lines(line)
    if not lines:
        raise Refusal(400, ["there is no row, and no header"])
    return _named(lines[0])


def _lines(body: bytes) -> list[list[str]]:
    try:
        text = body.decode("utf-8-sig")
        return [line for line in csv.reader(io.StringIO(text, newline=""), strict=True) if line]
    except (ValueError, csv.Error) as error:
        raise Refusal(400, [f"the body is not CSV: {error}"]) from error


def _named(line: Sequence[str]) -> Sequence[str]:
    return distinct([name.strip() for name in line])


def values(fields: Sequence[str], column: Column | None) -> Values:
    """Return fields as values; what is not of the column's type stays text, for the schema to
    name."""
    if column is None:
        converted = [_number(field) for field in fields]
        texts = any(isinstance(value, str) for value in converted)
        return [field or None for field in fields] if texts else converted
    if column.type == "string":
        return [field or None for field in fields]
    convert = _CONVERT[column.type]
    return [convert(field) if field else None for field in fields]


def _number(field: str) -> Any:
    if not field:
        return None
    # int() and float() take `1_000` and surrounding space, which no number of CSV has.
    if "_" in field:
        return field
    try:
        return int(field)
    except ValueError:
        pass
    try:
        return float(field)
    except ValueError:
        return field


def _integer(field: str) -> Any:
    value = _number(field)
    return int(value) if isinstance(value, float) and value.is_integer() else value


_CONVERT: Mapping[str, Callable[[str], Any]] = {
    "number": _number,
    "integer": _integer,
    "boolean": lambda field: _BOOLEANS.get(field, field),
}


def write(predictions: np.ndarray[Any, Any]) -> bytes:
    """Return a line a row, values parted by commas."""
    if predictions.ndim == 1 and predictions.dtype.kind in "fiu":
        return "".join(f"{value!r}\n" for value in predictions.tolist()).encode()
    text = io.StringIO()
    rows = predictions if predictions.ndim > 1 else predictions[:, np.newaxis]
    csv.writer(text, lineterminator="\n").writerows(rows.tolist())
    return text.getvalue().encode()

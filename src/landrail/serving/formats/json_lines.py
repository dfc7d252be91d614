"""JSON lines: a row a line in, a prediction a line out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from landrail.serving.formats.json_body import of_objects, plain
from landrail.serving.refusal import Refusal
from landrail.serving.rows import Rows
from landrail.serving.schema import Schema

CONTENT_TYPE = "application/jsonlines"


def read(body: bytes, options: Mapping[str, str], schema: Schema) -> Rows:
    """Return the rows of a body; raises Refusal (400) naming the line."""
    rows = []
    for number, line in enumerate(body.splitlines(), 1):
        if line.strip():
            try:
                rows.append(json.loads(line))
            except (ValueError, RecursionError) as error:
                raise Refusal(400, [f"line {number} is not JSON: {error}"]) from error
    return of_objects(rows)


def write(predictions: np.ndarray[Any, Any]) -> bytes:
    """Return a prediction a line."""
    return b"".join(json.dumps(one).encode() + b"\n" for one in plain(predictions))

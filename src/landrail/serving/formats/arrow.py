"""Arrow's stream format: record batches in and out."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow
import pyarrow.ipc

from landrail.serving.formats.tables import of_table, to_table
from landrail.serving.refusal import Refusal
from landrail.serving.rows import Rows
from landrail.serving.schema import Schema

CONTENT_TYPE = "application/vnd.apache.arrow.stream"


def read(body: bytes, options: Mapping[str, str], schema: Schema) -> Rows:
    """Return the rows of a stream; raises Refusal (400)."""
    try:
        with pyarrow.ipc.open_stream(body) as stream:
            table = stream.read_all()
            table.validate(full=True)
    except (pyarrow.ArrowException, OSError) as error:
        raise Refusal(400, [f"the body is not a stream of Arrow: {error}"]) from error
    return of_table(table, schema)


def write(predictions: np.ndarray[Any, Any]) -> bytes:
    """Return a stream with the column `prediction`, or `prediction_0` and on."""
    table, body = to_table(predictions), io.BytesIO()
    with pyarrow.ipc.new_stream(body, table.schema) as stream:
        stream.write_table(table)
    return body.getvalue()

"""Parquet: a file in, a file out."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow
import pyarrow.parquet

from landrail.serving.formats.tables import of_table, to_table
from landrail.serving.refusal import Refusal
from landrail.serving.rows import Rows, distinct
from landrail.serving.schema import Schema

CONTENT_TYPE = "application/vnd.apache.parquet"


def read(body: bytes, options: Mapping[str, str], schema: Schema) -> Rows:
    """Return the rows of a file; raises Refusal (400)."""
    wanted = list(schema.names) or None
    try:
        file = pyarrow.parquet.ParquetFile(io.BytesIO(body))
        there = set(distinct(file.schema_arrow.names))
        names = None if wanted is None else [name for name in wanted if name in there]
        table = file.read(columns=names, use_threads=False)
    except (pyarrow.ArrowException, OSError) as error:
        raise Refusal(400, [f"the body is not a file of Parquet: {error}"]) from error
    if wanted is not None and table.num_columns < len(wanted):
        # The others are read to name a column that is there under another name.
        table = file.read(use_threads=False)
    return of_table(table, schema)


def write(predictions: np.ndarray[Any, Any]) -> bytes:
    """Return a file with the column `prediction`, or `prediction_0` and on."""
    body = io.BytesIO()
    pyarrow.parquet.write_table(to_table(predictions), body)
    return body.getvalue()

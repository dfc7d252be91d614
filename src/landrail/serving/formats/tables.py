"""Tables of Arrow to rows and back, for the formats that are made of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow

from landrail.serving.refusal import Refusal
from landrail.serving.rows import Rows, Values, distinct
from landrail.serving.schema import Schema


def of_table(table: pyarrow.Table, schema: Schema) -> Rows:
    """Return a table's rows; raises Refusal (400) where there is none."""
    if not table.num_rows:
        raise Refusal(400, ["there is no row"])
    names = [n for n in distinct(table.column_names) if not schema.columns or n in schema.names]
    return Rows({name: _values(table.column(name)) for name in names or table.column_names},
                table.num_rows)  # fmt: skip


def _values(column: Any) -> Values:
    kind = column.type
    if pyarrow.types.is_floating(kind):
        return np.asarray(column.to_numpy(), dtype=np.float64)
    if (pyarrow.types.is_integer(kind) or pyarrow.types.is_boolean(kind)) and not column.null_count:
        return np.asarray(column.to_numpy())
    return list(column.to_pylist())


def to_table(predictions: np.ndarray[Any, Any]) -> pyarrow.Table:
    """Return predictions as a table of one column, or one for each value of a row."""
    if predictions.ndim == 1:
        return pyarrow.table({"prediction": _array(predictions)})
    return pyarrow.table(
        {f"prediction_{n}": _array(predictions[:, n]) for n in range(predictions.shape[1])}
    )


def _array(values: np.ndarray[Any, Any]) -> Any:
    return pyarrow.array(values.tolist() if values.dtype == object else values)

"""What rows a model takes: columns, their types, what may be missing.

A training leaves it as `schema.json` beside the model. Every mistake of a request is found, not the
first alone, and named by row and column.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from landrail.serving.refusal import MOST, Refusal
from landrail.serving.rows import Rows, Values

TYPES: Mapping[str, tuple[type, ...]] = {
    "number": (float, int),
    "integer": (int,),
    "string": (str,),
    "boolean": (bool,),
}
_SAID = {
    "number": "a number",
    "integer": "a whole number",
    "string": "text",
    "boolean": "true or false",
}
_LARGEST_INTEGER = 2**63
_MANY = 1024
"""Values of a column from which on one pass over them all is worth its beginning."""


class SchemaError(ValueError):
    """A schema that cannot be read."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `type` is `number`, `integer`, `string` or `boolean`; `nullable` says whether
    values may be missing, `values` which there may be; `minimum` and `maximum` belong to them."""

    name: str
    type: str
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        if self.type not in TYPES:
            near = difflib.get_close_matches(self.type, TYPES, 1)
            advice = f"; did you mean `{near[0]}`?" if near else ""
            raise SchemaError(
                f"column `{self.name}`: `{self.type}` is none of {', '.join(TYPES)}{advice}"
            )
        bounded = self.minimum is not None or self.maximum is not None
        if bounded and self.type not in ("number", "integer"):
            raise SchemaError(
                f"column `{self.name}`: `minimum` and `maximum` are for numbers, and it is a "
                f"{self.type}; say which `values` there may be"
            )

    def missing(self) -> Any:
        """Return what stands for a value that is missing."""
        return float("nan") if self.type == "number" else None


@dataclass(frozen=True, slots=True)
class Schema:
    """Columns in their order; without any, all rows are taken as they are."""

    columns: tuple[Column, ...] = ()
    _by_name: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {column.name: column for column in self.columns}
        if len(by_name) != len(self.columns):
            raise SchemaError("two columns have one name")
        object.__setattr__(self, "_by_name", by_name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self._by_name)

    def get(self, name: str) -> Column | None:
        """Return a column by its name, None where there is none."""
        return self._by_name.get(name)

    @classmethod
    def read(cls, file: Path) -> Schema:
        """Read `schema.json`; raises SchemaError for one that is none."""
        try:
            return cls.from_json(json.loads(file.read_text()))
        except ValueError as error:
            raise SchemaError(f"{file.name}: {error}") from error

    @classmethod
    def from_json(cls, document: Any) -> Schema:
        """Read `{"columns": [{"name", "type", ...}]}`; raises SchemaError."""
        columns = document.get("columns") if isinstance(document, dict) else None
        if not isinstance(columns, list):
            raise SchemaError('a schema is {"columns": [{"name": ..., "type": ...}]}')
        try:
            return cls(
                tuple(Column(**{**c, "values": tuple(c.get("values", ()))}) for c in columns)
            )
        except (TypeError, AttributeError) as error:
            raise SchemaError(f"a column is not as it must be: {error}") from error

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` reads."""
        return {"columns": [asdict(column) for column in self.columns]}

    def write(self, folder: Path) -> None:
        """Leave `schema.json` in a folder; a training writes it beside the model."""
        (folder / "schema.json").write_text(json.dumps(self.to_json(), indent=2) + "\n")

    @classmethod
    def of(cls, rows: Mapping[str, Values], *, nullable: Sequence[str] = ()) -> Schema:
        """Return the schema of columns, of arrays or a table of pandas: their types; nullable are
        those named and those in which something is missing."""
        return cls(tuple(_column(name, rows[name], name in nullable) for name in rows))

    def check(self, rows: Rows) -> Rows:
        """Return the rows with the columns of the schema alone, in its order; raises Refusal with
        all that is wrong."""
        if not self.columns:
            return rows
        wrong = list(self._absent(rows))
        found: dict[str, Values] = {}
        for column in self.columns:
            if column.name in rows:
                values = rows.values_of(column.name)
                found[column.name], reasons = _checked(column, values)
                wrong.extend(reasons)
        if wrong:
            raise Refusal(400, wrong)
        return Rows(found, rows.count)

    def _absent(self, rows: Rows) -> Iterator[str]:
        others = [name for name in rows if name not in self._by_name]
        for name in self._by_name:
            if name not in rows:
                near = difflib.get_close_matches(name, others, 1)
                advice = f"; `{near[0]}` is there" if near else ""
                yield f"column `{name}` is missing{advice}"


def _checked(column: Column, values: Values) -> tuple[Values, list[str]]:
    """Return a column with its missing values as such, and what is wrong with it."""
    if isinstance(values, np.ndarray):
        return _checked_array(column, values)
    kinds, wrong = TYPES[column.type], []
    made = values
    for place, value in enumerate(values):
        if value is None or value != value:
            reason = None if column.nullable else "is missing"
            if made is values:
                made = list(values)
            made[place] = column.missing()  # type: ignore[index]  # a list since the line above
        elif type(value) not in kinds:
            reason = f"{_short(value)} is not {_SAID[column.type]}"
        else:
            reason = _outside(column, value)
        if reason:
            wrong.append(f"row {place + 1}, column `{column.name}`: {reason}")
    return made, wrong


def _checked_array(column: Column, values: np.ndarray[Any, Any]) -> tuple[Values, list[str]]:
    if values.dtype == object or values.dtype.kind not in _KINDS[column.type]:
        made, wrong = _checked(column, values.tolist())
        return made, wrong
    if _plainly_finite(column, values):
        return values, []
    bad: list[tuple[int, str]] = []
    if values.dtype.kind == "f":
        missing = np.isnan(values)
        if missing.any() and not column.nullable:
            bad.extend((int(place), "is missing") for place in np.flatnonzero(missing)[: MOST + 1])
    for outside in _places_outside(column, values):
        bad.extend((int(p), _outside(column, values[p].item()) or "") for p in outside)
    return values, [f"row {p + 1}, column `{column.name}`: {why}" for p, why in sorted(set(bad))]


def _plainly_finite(column: Column, values: np.ndarray[Any, Any]) -> bool:
    """Whether many numbers are all there and finite, told by their sum alone: what is missing or
    infinite stays so in it. False says nothing."""
    bounds = (column.minimum, column.maximum)
    if len(values) < _MANY or values.dtype.kind != "f" or column.values or bounds != (None, None):
        return False
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(values.sum()))


_KINDS = {"number": "fiu", "integer": "iu", "string": "", "boolean": "b"}


def _places_outside(column: Column, values: np.ndarray[Any, Any]) -> Iterator[np.ndarray[Any, Any]]:
    if column.minimum is not None:
        yield np.flatnonzero(values < column.minimum)
    if column.maximum is not None:
        yield np.flatnonzero(values > column.maximum)
    if values.dtype.kind == "f":
        yield np.flatnonzero(np.isinf(values))
    if values.dtype.kind == "u":
        yield np.flatnonzero(values >= _LARGEST_INTEGER)
    if column.values:
        known = np.isin(values, np.array(column.values))
        if values.dtype.kind == "f":
            known |= np.isnan(values)
        yield np.flatnonzero(~known)


def _outside(column: Column, value: Any) -> str | None:
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return "is infinite"
    if type(value) is int and not -_LARGEST_INTEGER <= value < _LARGEST_INTEGER:
        return f"{_short(value)} is larger than 64 bits hold"
    if column.minimum is not None and value < column.minimum:
        return f"{_short(value)} is less than {column.minimum:g}"
    if column.maximum is not None and value > column.maximum:
        return f"{_short(value)} is more than {column.maximum:g}"
    if column.values and value not in column.values:
        near = difflib.get_close_matches(str(value), [str(v) for v in column.values], 1)
        advice = f"; did you mean `{near[0]}`?" if near else ""
        return f"{_short(value)} is none of the {len(column.values)} known values{advice}"
    return None


def _short(value: Any) -> str:
    text = json.dumps(value, default=str)
    return f"`{text if len(text) <= 40 else text[:37] + '...'}`"


def _column(name: str, values: Any, nullable: bool) -> Column:
    made = np.asarray(values)
    kind = {"f": "number", "i": "integer", "u": "integer", "b": "boolean"}.get(made.dtype.kind)
    if kind is not None:
        missing = kind == "number" and bool(np.isnan(made).any())
        return Column(name, kind, nullable or missing)
    held = [value for value in made.tolist() if value is not None and value == value]
    if not all(isinstance(value, str) for value in held):
        raise SchemaError(f"column `{name}` holds neither numbers, booleans nor text")
    return Column(name, "string", nullable or len(held) < len(made))

"""Rows by their columns: what `predict` is given.

A column is kept as it was read, a list of values or an array, and becomes an array when it is asked
for. So a request of one row costs no array of its own where it is predicted with others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from landrail.serving.refusal import Refusal

if TYPE_CHECKING:
    import pandas

Values = Sequence[Any] | npt.NDArray[Any]
_BOUND = 2**63


class Rows(Mapping[str, npt.NDArray[Any]]):
    """Columns of the same length by their names; `len()` counts columns, `count` rows.

    A column of numbers is an array of float64 with NaN where a value is missing, one of whole
    numbers or of booleans without missing values int64 or bool, any other an array of objects with
    None.
    """

    __slots__ = ("_arrays", "_columns", "count")

    def __init__(self, columns: Mapping[str, Values], count: int) -> None:
        """Take columns of `count` values each; they are not checked here, see `Schema.check`."""
        self._columns = columns
        self._arrays: dict[str, npt.NDArray[Any]] = {}
        self.count = count

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        found = self._arrays.get(name)
        if found is None:
            found = self._arrays[name] = array(self._columns[name])
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def values_of(self, name: str) -> Values:
        """Return a column as it was read."""
        return self._columns[name]

    def matrix(self, names: Sequence[str] | None = None) -> npt.NDArray[np.float64]:
        """Return columns of numbers side by side, shape (rows, columns)."""
        wanted = list(self) if names is None else names
        made = np.empty((self.count, len(wanted)), dtype=np.float64)
        for place, name in enumerate(wanted):
            made[:, place] = self[name]
        return made

    def frame(self) -> pandas.DataFrame:
        """Return the rows as a table of pandas, which must be installed."""
        import pandas  # half a second to import, and most models do without

        return pandas.DataFrame({name: self[name] for name in self})

    def part(self, start: int, end: int) -> Rows:
        """Return the rows from `start` to before `end`."""
        columns: dict[str, Values] = {n: v[start:end] for n, v in self._columns.items()}
        return Rows(columns, min(end, self.count) - start)

    @classmethod
    def joined(cls, parts: Sequence[Rows]) -> Rows:
        """Return rows of the same columns one after the other."""
        if len(parts) == 1:
            return parts[0]
        columns = {name: _joined([p.values_of(name) for p in parts]) for name in parts[0]}
        return cls(columns, sum(part.count for part in parts))


def distinct(names: Sequence[str]) -> Sequence[str]:
    """Return the names of columns; raises Refusal (400) where one is there twice."""
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise Refusal(400, [f"column `{name}` is there twice" for name in twice])
    return names


def array(values: Values) -> npt.NDArray[Any]:
    """Return values as an array, see `Rows`."""
    if isinstance(values, np.ndarray):
        return values
    kinds = {type(value) for value in values}
    if kinds == {bool}:
        return np.array(values, dtype=np.bool_)
    if kinds == {int} and all(-_BOUND <= value < _BOUND for value in values):
        return np.array(values, dtype=np.int64)
    if kinds <= {int, float, type(None)} and kinds != {type(None)}:
        return np.array(values, dtype=np.float64)
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


def _joined(parts: Sequence[Values]) -> Values:
    if all(isinstance(part, list) for part in parts):
        return list(chain.from_iterable(parts))
    return np.concatenate([array(part) for part in parts])

"""Rows to predictions: checked by the schema, predicted, and those that are refused set aside.

Where rows are refused, the batch is halved until each of them is found, so that schema and model
say by themselves which rows they take.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from landrail.serving.batch.shards import Shard
from landrail.serving.refusal import MOST, Refusal
from landrail.serving.rows import Rows
from landrail.serving.schema import Schema

Predictions = npt.NDArray[Any]
_ROW = re.compile(r"^row (\d+)(?=, )")


class ShardFailed(Exception):
    """A shard cannot be scored; `reasons` are for whoever gave the data or wrote the model."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(reasons)  # alone, so that it can be sent between processes
        self.reasons = tuple(reasons)

    def __str__(self) -> str:
        return "; ".join(self.reasons)


@dataclass
class Scorer:
    """Scores the rows of one shard in their order; `aside` has why a row was put aside."""

    schema: Schema
    predict: Callable[[Rows], Predictions]
    shard: Shard
    most_aside: int
    """How many rows may be put aside; 0 fails the shard at the first."""
    aside: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def score(
        self, rows: Rows, checked: Rows | Refusal, first: int
    ) -> tuple[Predictions | None, npt.NDArray[np.bool_]]:
        """Return predictions, and which rows have none; None where no row has any. `checked` is
        what the schema made of the rows, `first` the number of the first row in its file. Raises
        ShardFailed."""
        refused = np.zeros(rows.count, dtype=np.bool_)
        try:
            if isinstance(checked, Refusal):
                raise checked
            return self.predict(checked), refused
        except Refusal as error:
            if not self.most_aside:
                raise ShardFailed(_placed(self.shard.file, error, first)) from error
        except Exception as error:
            if not self.most_aside:
                raise self._model_failed(error, rows, first) from error
        found = list(self._halved(rows, 0, first))
        made: Predictions | None = None
        for start, predictions in found:
            if made is None:
                made = np.zeros((rows.count, *predictions.shape[1:]), dtype=predictions.dtype)
            if made.dtype != predictions.dtype:
                made = made.astype(np.result_type(made.dtype, predictions.dtype))
            made[start : start + len(predictions)] = predictions
        refused[[row - first for row in self.aside if first <= row < first + rows.count]] = True
        return made, refused

    def _whole(self, rows: Rows) -> Predictions:
        return self.predict(self.schema.check(rows))

    def _halved(self, rows: Rows, start: int, first: int) -> Iterator[tuple[int, Predictions]]:
        """Yield what can be predicted with its place, and note what cannot."""
        try:
            yield start, self._whole(rows)
        except Exception as error:  # noqa: BLE001 - a project's own code may raise anything
            if rows.count == 1:
                self._put_aside(first + start, error)
                return
            half = rows.count // 2
            yield from self._halved(rows.part(0, half), start, first)
            yield from self._halved(rows.part(half, rows.count), start + half, first)

    def _put_aside(self, row: int, error: Exception) -> None:
        if isinstance(error, Refusal):
            reasons = tuple(_ROW.sub("", reason).removeprefix(", ") for reason in error.reasons)
        else:
            reasons = (f"the model failed: {type(error).__name__}: {error}",)
        self.aside[row] = reasons
        if len(self.aside) > self.most_aside:
            told = [f"row {n}: {'; '.join(why)}" for n, why in list(self.aside.items())[:MOST]]
            raise ShardFailed(
                [
                    f"more than {self.most_aside} of the {self.shard.rows} rows of {self.shard} "
                    "are refused",
                    *told,
                ]
            )

    def _model_failed(self, error: Exception, rows: Rows, first: int) -> ShardFailed:
        # The log tells the project's authors where.
        traceback.print_exception(error, file=sys.stderr)
        last = first + rows.count - 1
        name = type(error).__name__
        return ShardFailed(
            [f"{self.shard.file}, rows {first} to {last}: the model failed: {name}: {error}"]
        )


def _placed(file: str, refused: Refusal, first: int) -> list[str]:
    """Say the reasons with the rows of the file, which count from 0."""
    return [
        f"{file}, " + _ROW.sub(lambda found: f"row {int(found[1]) - 1 + first}", reason)
        for reason in refused.reasons[:MOST]
    ]

"""Requests that arrive together are predicted together.

Nothing waits for others to come: while one batch is predicted, what arrives becomes the next, so
that batches grow with the load alone. Small ones are predicted in the event loop's own thread,
which costs least; large ones in another, so that `/ping` is answered meanwhile, and in pieces, so
that small ones get in between. A model predicts one batch at a time: it need not be safe for
threads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from landrail.serving.rows import Rows
from landrail.serving.threads import one_thread

Predict = Callable[[Rows], npt.NDArray[Any]]
_Waiting = tuple[Rows, asyncio.Future[npt.NDArray[Any]]]

MOST_ROWS = 512
"""Rows of a batch of several requests."""
INLINE_ROWS = 512
"""Rows that are predicted without another thread."""
PIECE_ROWS = 8192
"""Rows of a large request that are predicted at once."""


class Batcher:
    """Predicts requests of one event loop."""

    def __init__(self, predict: Predict) -> None:
        """`predict` returns an array with a first axis as long as the rows it is given."""
        self._predict = predict
        self._waiting: list[_Waiting] = []
        self._busy = False
        self._thread = ThreadPoolExecutor(1, "predict", one_thread)

    async def predict(self, rows: Rows) -> npt.NDArray[Any]:
        """Return the predictions of rows; raises what the model raises for them."""
        if rows.count <= PIECE_ROWS:
            return await self._one(rows)
        starts = range(0, rows.count, PIECE_ROWS)
        parts = [await self._one(rows.part(at, at + PIECE_ROWS)) for at in starts]
        return np.concatenate(parts)

    def close(self) -> None:
        """Let go of the thread once it is done."""
        self._thread.shutdown()

    async def _one(self, rows: Rows) -> npt.NDArray[Any]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[npt.NDArray[Any]] = loop.create_future()
        self._waiting.append((rows, future))
        if not self._busy:
            self._busy = True
            # Not now: the others that arrived in this round of the loop come first.
            loop.call_soon(self._next, loop)
        return await future

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        batch = self._take()
        if sum(rows.count for rows, _ in batch) <= INLINE_ROWS:
            _settle(batch, _run(self._predict, batch))
            self._go_on(loop)
            return
        running = loop.run_in_executor(self._thread, _run, self._predict, batch)
        running.add_done_callback(lambda done: self._done(loop, batch, done.result()))

    def _done(
        self, loop: asyncio.AbstractEventLoop, batch: Sequence[_Waiting], results: Sequence[Any]
    ) -> None:
        _settle(batch, results)
        self._go_on(loop)

    def _go_on(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._waiting:
            loop.call_soon(self._next, loop)
        else:
            self._busy = False

    def _take(self) -> list[_Waiting]:
        """Take as many of those who wait as make a batch: with the same columns, in their order."""
        columns, count, end = self._waiting[0][0].keys(), 0, 0
        for rows, _ in self._waiting:
            if end and (count + rows.count > MOST_ROWS or rows.keys() != columns):
                break
            count += rows.count
            end += 1
        batch = self._waiting[:end]
        del self._waiting[:end]
        return batch


def _run(predict: Predict, batch: Sequence[_Waiting]) -> list[npt.NDArray[Any] | Exception]:
    """Return the predictions of each request, or what was raised for it: where a batch fails, each
    of its requests is tried alone."""
    parts = [rows for rows, _ in batch]
    try:
        made = predict(Rows.joined(parts))
    except Exception as error:  # noqa: BLE001 - a project's own code may raise anything
        if len(parts) == 1:
            return [error]
        return [one for item in batch for one in _run(predict, [item])]
    if len(parts) == 1:
        return [made]
    ends = np.cumsum([rows.count for rows in parts])[:-1]
    return list(np.split(made, ends))


def _settle(batch: Sequence[_Waiting], results: Sequence[Any]) -> None:
    for (_, future), result in zip(batch, results, strict=True):
        if future.done():  # the client went away
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)

"""Workers of this machine: processes that load the model once and score shard after shard.

A worker is a fork of a process without threads; the model is loaded in the fork, for numeric
libraries do not survive one. A worker that dies takes down its shard alone: the shard is tried once
more by another, and then it has failed.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from landrail.serving.batch.scoring import ShardFailed
from landrail.serving.batch.shards import Shard
from landrail.serving.batch.work import Task
from landrail.serving.threads import one_thread

Do = Callable[[Task], dict[str, Any]]
Result = tuple[Task, dict[str, Any] | ShardFailed]


@dataclass(eq=False)
class _Worker:
    process: BaseProcess
    pipe: Connection
    task: Task | None = None


class CannotLoad(Exception):
    """The model cannot be loaded; the text says why."""


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def each(tasks: Iterable[Task], prepare: Callable[[], Do], workers: int) -> Iterator[Result]:
    """Yield what became of each task as they end; `prepare` loads the model, once a worker. Raises
    CannotLoad."""
    at_work: list[_Worker] = []
    waiting = _Waiting(iter(tasks))
    try:
        for _ in range(workers):
            at_work.append(_start(prepare, at_work))
        while at_work:
            waiting.look_ahead()
            for worker in _ready(at_work):
                ended = _message(worker)
                task, worker.task = worker.task, None
                if isinstance(ended, CannotLoad):
                    raise ended
                if ended is None:
                    at_work.remove(worker)
                    yield from _died(worker, task, waiting)
                    at_work.append(_start(prepare, at_work))
                    continue
                if task is not None:
                    yield task, ended
                if not _give(worker, waiting):
                    at_work.remove(worker)
    finally:
        for worker in at_work:
            worker.process.kill()
            worker.process.join()


class _Waiting:
    """Tasks to come: the next is made while the workers are busy, and one that failed comes again
    before others."""

    def __init__(self, tasks: Iterator[Task]) -> None:
        self._tasks = tasks
        self._next: deque[Task] = deque()
        self._again: set[Shard] = set()

    def look_ahead(self) -> None:
        if not self._next:
            self._next.extend(islice(self._tasks, 1))

    def take(self) -> Task | None:
        self.look_ahead()
        return self._next.popleft() if self._next else None

    def again(self, task: Task) -> bool:
        """Put a task back once; return False for one that was."""
        if task.shard in self._again:
            return False
        self._again.add(task.shard)
        self._next.appendleft(task)
        return True


def _start(prepare: Callable[[], Do], others: Sequence[_Worker]) -> _Worker:
    here, there = multiprocessing.Pipe()
    # A worker that keeps the others' pipes would keep them alive when this process is killed.
    inherited = [here, *(other.pipe for other in others)]
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_work, args=(there, inherited, prepare), daemon=True)
    process.start()
    there.close()
    return _Worker(process, here)


def _ready(workers: Sequence[_Worker]) -> list[_Worker]:
    pipes = {worker.pipe: worker for worker in workers}
    return [pipes[one] for one in wait(list(pipes)) if isinstance(one, Connection)]


def _message(worker: _Worker) -> Any:
    """Return what a worker said: a record, a failure, `True` once it is ready; None if it died."""
    try:
        return worker.pipe.recv()
    except (EOFError, ConnectionResetError):
        worker.process.join()
        return None


def _give(worker: _Worker, waiting: _Waiting) -> bool:
    worker.task = waiting.take()
    worker.pipe.send(worker.task)
    if worker.task is None:
        worker.process.join()
    return worker.task is not None


def _died(worker: _Worker, task: Task | None, waiting: _Waiting) -> Iterator[Result]:
    how = _ending(worker.process.exitcode)
    if task is None:
        raise CannotLoad(f"the process that loads the model {how}")
    if not waiting.again(task):
        yield task, ShardFailed([f"{task.shard}: the process that scored it {how}, twice"])


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        more = " (memory?)" if name == "SIGKILL" else ""
        return f"was ended by {name}{more}"
    return f"ended with status {code}"


def _work(pipe: Connection, inherited: Sequence[Connection], prepare: Callable[[], Do]) -> None:
    """Score what comes until nothing does: the life of a worker."""
    for one in inherited:
        one.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    one_thread()
    try:
        do = prepare()
    except Exception as error:  # noqa: BLE001 - a project's own code may raise anything
        traceback.print_exc(file=sys.stderr)
        pipe.send(CannotLoad(f"the model cannot be loaded: {type(error).__name__}: {error}"))
        return
    one_thread()
    pipe.send(True)
    while (task := _received(pipe)) is not None:
        try:
            answer: dict[str, Any] | ShardFailed = do(task)
        except ShardFailed as failed:
            answer = failed
        pipe.send(answer)


def _received(pipe: Connection) -> Task | None:
    try:
        task: Task | None = pipe.recv()
    except (EOFError, ConnectionResetError):
        return None  # whoever gives the tasks was killed
    return task

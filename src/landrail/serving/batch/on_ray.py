"""Workers of a Ray cluster: the same function over the same shards, on more machines.

The data, the model and the output must lie where every machine sees them. Ray is the extra `ray`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from landrail.serving.batch.processes import CannotLoad, Do, Result
from landrail.serving.batch.scoring import ShardFailed
from landrail.serving.batch.work import Task
from landrail.serving.threads import one_thread

_TRIES = 2


class NoRay(Exception):
    """Ray is not installed; the text says how it is."""


def each(tasks: Sequence[Task], prepare: Callable[[], Do], workers: int | None) -> Iterator[Result]:
    """Yield what became of each task as they end; raises NoRay, CannotLoad.

    `RAY_ADDRESS` names the cluster; without it one is started on this machine.
    """
    try:
        import ray  # an extra, and half a second
    except ImportError:
        raise NoRay(
            "the engine `ray` needs the extra of this name: pip install 'landrail[ray]'"
        ) from None
    if not ray.is_initialized():
        local = {} if os.environ.get("RAY_ADDRESS") else {"num_cpus": workers}
        ray.init(include_dashboard=False, log_to_driver=True, **local)
    actor = ray.remote(num_cpus=1, max_restarts=_TRIES, max_task_retries=_TRIES)(_Actor)
    most = workers or max(int(ray.cluster_resources().get("CPU", 1)), 1)
    actors = [actor.remote(prepare) for _ in range(min(most, len(tasks)))]
    pool = ray.util.ActorPool(actors)
    try:
        for task, answer in pool.map_unordered(lambda a, task: a.perform.remote(task), tasks):
            if isinstance(answer, CannotLoad):
                raise answer
            yield task, answer
    except ray.exceptions.RayError as error:
        raise CannotLoad(f"a worker of Ray failed: {error}") from error
    finally:
        for one in actors:
            ray.kill(one)


class _Actor:
    """A process of the cluster that has loaded the model."""

    def __init__(self, prepare: Callable[[], Do]) -> None:
        one_thread()
        self._do: Do | None = None
        self._why = ""
        try:
            self._do = prepare()
        except Exception as error:  # noqa: BLE001 - a project's own code may raise anything
            self._why = f"the model cannot be loaded: {type(error).__name__}: {error}"

    def perform(self, task: Task) -> tuple[Task, dict[str, Any] | ShardFailed | CannotLoad]:
        """Score one shard."""
        if self._do is None:
            return task, CannotLoad(self._why)
        try:
            return task, self._do(task)
        except ShardFailed as failed:
            return task, failed

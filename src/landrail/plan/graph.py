"""The graph of changes, and the walk over it: order and parallelism. Knows nothing of AWS.

A node is anything hashable. A node whose dependency failed or was skipped is skipped itself;
everything else goes on. A stop lets what is in flight finish and begins nothing new.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Generic, TypeVar

Node = TypeVar("Node", bound=Hashable)


@dataclass(slots=True)
class Walked(Generic[Node]):
    """How a walk ended: every node is in exactly one of these."""

    done: list[Node] = field(default_factory=list)
    failed: dict[Node, Exception] = field(default_factory=dict)
    skipped: dict[Node, Node] = field(default_factory=dict)
    """A skipped node, and the failed one behind that."""
    not_started: list[Node] = field(default_factory=list)


def edges(
    nodes: Iterable[Node], depends_on: Callable[[Node], Iterable[Node]]
) -> dict[Node, set[Node]]:
    """Return node -> the nodes it waits for; names that are no node of the graph are left out."""
    known = set(nodes)
    return {n: {d for d in depends_on(n) if d in known and d != n} for n in known}


def reverse(graph: Mapping[Node, Iterable[Node]]) -> dict[Node, set[Node]]:
    """Return the graph with every arrow turned round: the order of taking down."""
    turned: dict[Node, set[Node]] = {node: set() for node in graph}
    for node, waits_for in graph.items():
        for other in waits_for:
            turned[other].add(node)
    return turned


def cycle(graph: Mapping[Node, Iterable[Node]]) -> list[Node] | None:
    """Return the nodes of a cycle, first and last alike, or None where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[Node] = error.args[1]
        return found
    return None


def walk(
    graph: Mapping[Node, Iterable[Node]],
    execute: Callable[[Node], None],
    *,
    parallel: int,
    stopped: Callable[[], bool] = lambda: False,
    failure: type[Exception] = Exception,
) -> Walked[Node]:
    """Execute every node after those it waits for, up to `parallel` at a time.

    An exception of type `failure` fails its node alone; any other ends the walk once what is in
    flight has finished. Raises graphlib.CycleError.
    """
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    result: Walked[Node] = Walked()
    running: dict[Future[None], Node] = {}
    ready: deque[Node] = deque()
    with ThreadPoolExecutor(max_workers=parallel, thread_name_prefix="walk") as pool:
        while sorter.is_active():
            ready.extend(sorter.get_ready())
            while ready and len(running) < parallel and not stopped():
                node = ready.popleft()
                cause = _blocked_by(node, graph, result)
                if cause is None:
                    running[pool.submit(execute, node)] = node
                else:
                    result.skipped[node] = cause
                    sorter.done(node)
                    ready.extend(sorter.get_ready())
            if not running:
                if stopped():
                    break
                continue
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                node = running.pop(future)
                _settle(node, future, result, failure)
                sorter.done(node)
    seen = {*result.done, *result.failed, *result.skipped}
    result.not_started = [node for node in graph if node not in seen]
    return result


def _blocked_by(
    node: Node, graph: Mapping[Node, Iterable[Node]], result: Walked[Node]
) -> Node | None:
    for other in graph[node]:
        if other in result.failed:
            return other
        if other in result.skipped:
            return result.skipped[other]
    return None


def _settle(
    node: Node, future: Future[None], result: Walked[Node], failure: type[Exception]
) -> None:
    error = future.exception()
    if error is None:
        result.done.append(node)
    elif isinstance(error, failure):
        result.failed[node] = error
    else:
        raise error

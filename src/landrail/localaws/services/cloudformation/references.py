"""What a template's values refer to: names of `Ref`, `Fn::GetAtt` and `Fn::Sub`, and the graph.

The graph and the walk over it know nothing of AWS: names, edges, and work to do at each name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

SUB = re.compile(r"\$\{([^!{}][^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Reference:
    """One mention of a name; `attribute` is None for a `Ref`, `function` says which one it was."""

    name: str
    attribute: str | None
    function: str


def references(value: Any) -> Iterator[Reference]:
    """Yield every Ref and GetAtt in a value, those inside `Fn::Sub` texts too."""
    if isinstance(value, Mapping):
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            if name == "Ref" and isinstance(argument, str):
                yield Reference(argument, None, "Ref")
                return
            if name == "Fn::GetAtt":
                yield from _get_att(argument)
                return
            if name == "Fn::Sub":
                yield from _sub(argument)
                return
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def _get_att(argument: Any) -> Iterator[Reference]:
    if isinstance(argument, str):
        argument = argument.split(".", 1)
    if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[0], str):
        attribute = argument[1] if isinstance(argument[1], str) else "*"
        yield Reference(argument[0], attribute, "Fn::GetAtt")
        yield from references(argument[1])


def _sub(argument: Any) -> Iterator[Reference]:
    text, local = argument, {}
    if isinstance(argument, list) and len(argument) == 2:
        text, local = argument
        yield from references(local)
    if isinstance(text, str):
        for match in SUB.finditer(text):
            name, _, attribute = match[1].strip().partition(".")
            if name not in local and match[1] not in local:
                yield Reference(name, attribute or None, "Fn::Sub")


def find_cycle(edges: Mapping[str, set[str]]) -> list[str] | None:
    """Return the names on a cycle of the graph (name -> those it needs), or None."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return sorted(set(error.args[1]))
    return None


def reverse(edges: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return the graph with each edge turned: the order of deletion."""
    turned: dict[str, set[str]] = {name: set() for name in edges}
    for name, needs in edges.items():
        for needed in needs:
            turned.setdefault(needed, set()).add(name)
    return turned


def walk(
    edges: Mapping[str, set[str]], work: Callable[[str], bool], *, width: int, keep_going: bool
) -> bool:
    """Do the work of every name after those it needs, at most `width` at once. `work` says whether
    it succeeded; what needs a failed name is left out, and without `keep_going` nothing new is
    begun after a failure. Returns whether all of it was done."""
    sorter = TopologicalSorter(edges)
    sorter.prepare()
    running: dict[Future[bool], str] = {}
    failed = False
    with ThreadPoolExecutor(width, thread_name_prefix="cloudformation") as pool:
        while True:
            if not failed or keep_going:
                running |= {pool.submit(work, name): name for name in sorter.get_ready()}
            if not running:
                return not failed
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                name = running.pop(future)
                if future.result():
                    sorter.done(name)
                else:
                    failed = True

"""What a merge brings in: the commits that its first parent does not have.

Commits are looked up one by one, the newest first, until all that are left belong to the first
parent too; so a merge costs what has happened since the branches parted, and not all of history.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Commit = Mapping[str, Any]
"""`Commit` as CodeCommit tells it."""


def brought_in(merge: Commit, look: Callable[[str], Commit]) -> Iterator[Commit]:
    """Yield the commits that a merge brings in; none for a commit of one parent."""
    parents = merge.get("parents", [])
    shared = {parent: parent == parents[0] for parent in parents}
    known = {parent: look(parent) for parent in shared} if len(shared) > 1 else {}
    queue = [(-_when(commit), name) for name, commit in known.items()]
    heapq.heapify(queue)
    while any(not shared[name] for _, name in queue):
        _, name = heapq.heappop(queue)
        for parent in known[name].get("parents", []):
            if parent in shared and (shared[parent] or not shared[name]):
                continue
            shared[parent] = shared[name]
            if parent not in known:
                known[parent] = look(parent)
            heapq.heappush(queue, (-_when(known[parent]), parent))
    yield from (commit for name, commit in known.items() if not shared[name])


def _when(commit: Commit) -> int:
    """When it was committed; `0` where that is not told."""
    said = str(commit.get("committer", {}).get("date", "")).split()
    return int(said[0]) if said else 0

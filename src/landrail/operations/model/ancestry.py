"""Which commits one has that others do not: what lies between two releases.

Commits are looked up one by one, from both ends and the newest first, so that it costs what has
happened between them and not all of history. Dates only lead the way: what is found never lacks a
commit, whatever they say, and has one too many only where a clock was wrong by far.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from typing import Any

Commit = Mapping[str, Any]
"""`Commit` as CodeCommit tells it."""
LOOKS = 1_000
"""How many commits are looked up at most."""
_BEYOND = 32  # commits of both sides that are looked up on behalf of clocks that were wrong
_TURN = 8  # of so many steps one is of the side whose turn it is not by the dates


class TooFarError(Exception):
    """More commits lie between than are looked up."""


def written_since(
    head: str, before: Iterable[str], look: Callable[[str], Commit]
) -> dict[str, Commit]:
    """Return by name the commits that are reachable from `head` and from none of `before`; raises
    TooFarError where that takes more than `LOOKS` of them."""
    walk = _Walk(look)
    walk.meet(head, shared=False)
    for name in before:
        walk.meet(name, shared=True)
    for step in count(1):
        mine, theirs = walk.next(shared=False), walk.next(shared=True)
        if len(walk.known) > LOOKS:
            if mine is not None:
                raise TooFarError
            break
        if mine is None and (theirs is None or not walk.may_reach(theirs)):
            break
        if mine is not None and theirs is not None:
            turn = walk.newer(theirs, mine) != (step % _TURN == 0)
            walk.go_on(theirs if turn else mine)
        else:
            walk.go_on(mine or theirs or "")
    return {name: one for name, one in walk.known.items() if name not in walk.shared}


class _Walk:
    """The commits met so far, which of them are `shared` with the others, and those still to be
    walked from, by side and the newest first."""

    def __init__(self, look: Callable[[str], Commit]) -> None:
        self.known: dict[str, Commit] = {}
        self.shared: set[str] = set()
        self._look = look
        self._left: set[str] = set()  # whose parents have been met
        self._sides: dict[bool, list[tuple[int, int, str]]] = {False: [], True: []}
        self._number = count()
        self._beyond = 0

    def meet(self, name: str, *, shared: bool) -> None:
        """Come to a commit; that one is shared holds for all that was met before it, too."""
        met = [name]
        while met:
            one = met.pop()
            if one in self.shared or (one in self.known and not shared):
                continue
            if one not in self.known:
                self.known[one] = self._look(one)
            if shared:
                self.shared.add(one)
            if one in self._left:
                met += _parents(self.known[one])
            else:
                place = (-_when(self.known[one]), next(self._number), one)
                heapq.heappush(self._sides[shared], place)

    def next(self, *, shared: bool) -> str | None:
        """Return the newest commit of a side that is still to be walked from."""
        side = self._sides[shared]
        while side and (side[0][2] in self._left or (side[0][2] in self.shared) != shared):
            heapq.heappop(side)
        return side[0][2] if side else None

    def go_on(self, name: str) -> None:
        """Come from a commit to its parents."""
        self._left.add(name)
        for parent in _parents(self.known[name]):
            self.meet(parent, shared=name in self.shared)

    def newer(self, one: str, other: str) -> bool:
        """Whether a commit is not older than another."""
        return _when(self.known[one]) >= _when(self.known[other])

    def may_reach(self, theirs: str) -> bool:
        """Whether going on from the newest shared commit may show that more is shared: it is not
        older than all that are not, or their clocks are not trusted yet."""
        mine = self.known.keys() - self.shared
        if not mine:
            return False
        if _when(self.known[theirs]) >= min(_when(self.known[name]) for name in mine):
            return True
        self._beyond += 1
        return self._beyond <= _BEYOND


def _parents(commit: Commit) -> list[str]:
    return list(commit.get("parents", []))


def _when(commit: Commit) -> int:
    """When it was committed; `0` where that is not told."""
    said = str(commit.get("committer", {}).get("date", "")).split()
    return int(said[0]) if said else 0

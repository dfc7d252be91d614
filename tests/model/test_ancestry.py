"""What lies between two commits is what one reaches and the other does not, whatever their dates
say, and is found without a look at all of history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landrail.operations.model.ancestry import LOOKS, TooFarError, written_since

# Each commit with its parents; a later letter is a later commit.
PARENTS = {
    "a": "",
    "b": "a",
    "c": "b",
    "d": "b",
    "e": "d",
    "f": "c",
    "m": "fe",  # a merge, and the same one seen from the other side
    "n": "ef",
    "o": "m",
    "p": "o",
    "x": "",
    "y": "px",
}


class History:
    """Commits by name, with whatever dates; counts who is looked up."""

    def __init__(self, parents: Mapping[str, Iterable[str]], dates: Mapping[str, int]) -> None:
        self.parents, self.dates = parents, dates
        self.looked: list[str] = []

    def look(self, name: str) -> dict[str, Any]:
        self.looked.append(name)
        return {
            "commitId": name,
            "parents": list(self.parents[name]),
            "committer": {"date": f"{self.dates[name]} +0100"},
        }

    def reached(self, *names: str) -> set[str]:
        found: set[str] = set()
        left = list(names)
        while left:
            if (name := left.pop()) not in found:
                found.add(name)
                left += self.parents[name]
        return found

    def since(self, head: str, *before: str) -> set[str]:
        found = written_since(head, before, self.look)
        assert len(self.looked) == len(set(self.looked)), "each is asked for once"
        return set(found)


def dated(parents: Mapping[str, Iterable[str]]) -> History:
    return History(parents, {name: 1_700_000_000 + at for at, name in enumerate(parents)})


@pytest.mark.parametrize(
    ("head", "before", "lies_between"),
    [
        ("m", "f", "dem"),  # what a merge brings in
        ("n", "f", "den"),  # ... in whichever order its parents stand
        ("m", "e", "cfm"),
        ("p", "m", "op"),  # what a push of several commits brings
        ("n", "e", "cfn"),  # a topic that took in main, handed to main as it is
        ("b", "p", ""),  # one that is live already
        ("p", "p", ""),
        ("y", "p", "xy"),  # another root
        ("c", "", "abc"),
        ("p", "cd", "efmop"),
    ],
)
def test_what_lies_between(head: str, before: str, lies_between: str) -> None:
    assert dated(PARENTS).since(head, *before) == set(lies_between)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Up to 24 commits, with dates in order, all equal, or of clocks that are wrong."""
    names = [f"c{number}" for number in range(draw(st.integers(1, 24)))]
    parents: dict[str, list[str]] = {}
    for at, name in enumerate(names):
        few = st.lists(st.sampled_from(names[:at]), max_size=3, unique=True) if at else st.just([])
        parents[name] = draw(few)
    clocks = st.sampled_from([st.none(), st.just(7), st.integers(0, 30)])
    clock = draw(clocks)
    dates = {
        name: said if (said := draw(clock)) is not None else at for at, name in enumerate(names)
    }
    return History(parents, dates)


@given(histories(), st.data())
def test_it_is_what_one_reaches_and_the_others_do_not(
    history: History, data: st.DataObject
) -> None:
    names = st.sampled_from(sorted(history.parents))
    head, before = data.draw(names), data.draw(st.lists(names, max_size=3, unique=True))
    assert history.since(head, *before) == history.reached(head) - history.reached(*before)


def line(length: int, **more: Iterable[str]) -> dict[str, Iterable[str]]:
    """Commits one after the other, and some beside them."""
    return {f"c{at}": [f"c{at - 1}"] if at else [] for at in range(length)} | more


def test_it_costs_what_lies_between_and_not_all_of_history() -> None:
    history = dated(line(5_000))
    assert history.since("c4999", "c4989") == {f"c{at}" for at in range(4_990, 5_000)}
    assert len(history.looked) < 60


def test_a_clock_that_was_wrong_does_not_lead_to_the_root() -> None:
    """What is live came by a commit that says that it is older than all others."""
    parents = line(5_000, old=["c4998"], live=["old"])
    history = dated(parents)
    history.dates = {**history.dates, "old": 0}
    assert history.since("c4999", "live") == {"c4999"}
    assert len(history.looked) < 200


def test_what_would_take_too_long_is_no_answer() -> None:
    with pytest.raises(TooFarError):
        dated(line(LOOKS + 1)).since("c1000")
    assert len(dated(line(LOOKS)).since("c999")) == LOOKS


def test_clocks_that_run_backwards_do_no_harm() -> None:
    parents = line(2_000)
    history = History(parents, {name: 2_000 - at for at, name in enumerate(parents)})
    assert history.since("c1999", "c1980") == {f"c{at}" for at in range(1_981, 2_000)}

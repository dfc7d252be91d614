"""What a merge brings in is part of the version's work; what both sides have is not."""

from __future__ import annotations

from typing import Any

import pytest

from landrail.operations.model.merges import brought_in

# Each commit with its parents; a later letter is a later commit. `x` has a clock of its own.
PARENTS = {
    "a": "",
    "b": "a",
    "c": "b",
    "d": "b",
    "e": "d",
    "f": "c",
    "m": "fe",
    "n": "ec",
    "o": "nm",
    "x": "",
    "p": "mx",
    "q": "m",
    "r": "ef",
    "s": "feb",
}
HISTORY = {
    name: {
        "commitId": name,
        "parents": list(parents),
        "committer": {"date": f"{1_700_000_000 + (place if name != 'x' else -9)} +0100"},
    }
    for place, (name, parents) in enumerate(PARENTS.items())
}


@pytest.mark.parametrize(
    ("merge", "brings"),
    [
        ("a", ""),
        ("q", ""),
        ("m", "de"),
        ("r", "cf"),
        ("n", "c"),
        ("o", "fm"),
        ("p", "x"),
        ("s", "de"),
    ],
)
def test_what_a_merge_brings_in(merge: str, brings: str) -> None:
    looked: list[str] = []

    def look(name: str) -> Any:
        looked.append(name)
        return HISTORY[name]

    found = sorted(one["commitId"] for one in brought_in(HISTORY[merge], look))
    assert found == sorted(brings)
    assert len(looked) == len(set(looked)), "each is asked for once"
    if merge == "m":
        assert "a" not in looked, "what lies before both sides is not asked for"

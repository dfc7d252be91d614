"""Whose turn it is: shares and weights are kept exactly, in whatever order requests come."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from landrail.localaws.services.sagemaker_runtime.choosing import Chooser, NoVariant

KEY = ("111122223333", "eu-west-1", "endpoint")


def fleet(config: str, share: float, *lines: str, **weights: float) -> dict[str, Any]:
    variants = [
        {"name": name, "weight": weight, "lines": list(lines) or [config], "least": False}
        for name, weight in (weights or {"all": 1.0}).items()
    ]
    return {"config": config, "share": share, "capture": None, "variants": variants}


@pytest.mark.parametrize("percent", [1, 7, 10, 33, 50])
def test_a_canary_never_gets_more_than_its_share_and_one(percent):
    record = {"fleets": [fleet("blue", 1 - percent / 100), fleet("green", percent / 100)]}
    chooser, seen = Chooser(), Counter[str]()
    for count in range(1, 1001):
        seen[chooser.choose(KEY, record, None).config] += 1
        assert abs(seen["green"] - count * percent / 100) <= 1
    assert seen["green"] == 10 * percent


def test_variants_get_what_they_weigh_and_processes_the_same():
    record = {"fleets": [fleet("blue", 1.0, "one", "two", a=3.0, b=1.0, c=0.0)]}
    chooser = Chooser()
    chosen = [chooser.choose(KEY, record, None) for _ in range(80)]
    assert Counter(c.variant["name"] for c in chosen) == {"a": 60, "b": 20}
    assert Counter(c.lines[0] for c in chosen) == {"one": 40, "two": 40}
    assert {frozenset(c.lines) for c in chosen} == {frozenset(("one", "two"))}


def test_weights_of_nothing_are_the_same_for_all():
    record = {"fleets": [fleet("blue", 1.0, a=0.0, b=0.0)]}
    chooser = Chooser()
    names = Counter(chooser.choose(KEY, record, None).variant["name"] for _ in range(10))
    assert names == {"a": 5, "b": 5}


def test_a_target_is_asked_in_whatever_fleet_has_it():
    record = {"fleets": [fleet("blue", 0.9, old=1.0), fleet("green", 0.1, new=1.0)]}
    chooser = Chooser()
    for target in ("old", "new"):
        chosen = [chooser.choose(KEY, record, target) for _ in range(5)]
        assert {c.variant["name"] for c in chosen} == {target}
    with pytest.raises(NoVariant):
        chooser.choose(KEY, record, "none")

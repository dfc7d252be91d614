"""Wildcards against their definition, tried out the slow way."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landrail.policy.glob import matcher, split

_PATTERNS = st.text(alphabet="ab:*?", max_size=8)
_TEXTS = st.text(alphabet="ab:", max_size=8)


def fits(pattern: str, text: str, across: bool) -> bool:
    """By the definition: a star is any run and `?` any one, no colons where none may be crossed."""
    if not pattern:
        return not text
    if pattern[0] != "*":
        one = pattern[0] == "?" and (across or text[:1] != ":")
        same = bool(text) and (one or pattern[0] == text[0])
        return same and fits(pattern[1:], text[1:], across)
    ends_segment = len(pattern) == 1 or pattern[1] == ":"
    for run in range(len(text) + 1):
        if ":" in text[:run] and not (across or ends_segment):
            return False
        if fits(pattern[1:], text[run:], across):
            return True
    return False


@settings(max_examples=600, deadline=None)
@given(_PATTERNS, _TEXTS, st.booleans())
def test_a_pattern_fits_as_it_is_defined(pattern: str, text: str, across: bool) -> None:
    compiled = matcher(split(pattern, wildcards=True, variables=False), across=across)
    assert compiled(text) == fits(pattern, text, across)


@pytest.mark.parametrize("across", [True, False])
@pytest.mark.parametrize("pattern", ["*?" * 40 + "x", "*a" * 40 + "x", "*?:" * 20 + "x"])
def test_many_wildcards_come_to_an_end(pattern: str, across: bool) -> None:
    compiled = matcher(split(pattern, wildcards=True, variables=False), across=across)
    assert not compiled("a:" * 500)
    assert not compiled("a" * 1000)

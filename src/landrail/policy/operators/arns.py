"""The ARN operators. Six parts, cut at the first five colons, are compared one by one, each with
wildcards; `ArnEquals` and `ArnLike` are the same. A pattern that is not an ARN fits nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from landrail.policy.glob import (
    Chunks,
    Lookup,
    cut,
    has_variables,
    matcher,
    resolve,
    split,
)
from landrail.policy.operators.base import Operator, Test

_PARTS = 6
_Part = Callable[[str, Lookup], bool | None]
_Pattern = Callable[[list[str], Lookup], bool | None]
"""Whether a pattern fits the parts of an ARN; None where a variable in it has no value."""


def _arn_like(values: Sequence[str], variables: bool) -> Test:
    patterns = [_pattern(v, variables) for v in values]

    def test(actual: str, lookup: Lookup) -> bool | None:
        parts = actual.split(":", _PARTS - 1)
        if len(parts) != _PARTS:
            return None
        missed: bool | None = False
        for pattern in patterns:
            fitted = pattern(parts, lookup)
            if fitted:
                return True
            missed = missed if fitted is False else None
        return missed

    return test


def _pattern(value: str, variables: bool) -> _Pattern:
    if value == "*":
        return lambda _parts, _lookup: True
    chunks = split(value, wildcards=True, variables=variables)
    parts = cut(chunks, ":", _PARTS)
    if len(parts) == _PARTS:
        return _by_parts([_part(part) for part in parts])
    if has_variables(chunks):
        return _late(chunks)
    return lambda _parts, _lookup: False


def _by_parts(tests: list[_Part]) -> _Pattern:
    """All parts must fit; None where all do but those whose variable has no value."""

    def fits(parts: list[str], lookup: Lookup) -> bool | None:
        undecided = False
        for test, part in zip(tests, parts, strict=True):
            fitted = test(part, lookup)
            if fitted is False:
                return False
            undecided = undecided or fitted is None
        return None if undecided else True

    return fits


def _part(chunks: Chunks) -> _Part:
    if not has_variables(chunks):
        fits = matcher(chunks)
        return lambda part, _lookup: fits(part)

    def late(part: str, lookup: Lookup) -> bool | None:
        resolved = resolve(chunks, lookup)
        return None if resolved is None else matcher(resolved)(part)

    return late


def _late(chunks: Chunks) -> _Pattern:
    """A pattern whose colons come with the value of a variable, such as `${aws:PrincipalArn}`."""

    def late(parts: list[str], lookup: Lookup) -> bool | None:
        resolved = resolve(chunks, lookup)
        if resolved is None:
            return None
        pieces = cut(resolved, ":", _PARTS)
        fits = len(pieces) == _PARTS
        return fits and all(matcher(p)(part) for p, part in zip(pieces, parts, strict=True))

    return late


def _completed(value: str) -> str:
    """An ARN that breaks off, with the rest left open."""
    missing = _PARTS - 1 - value.count(":")
    return value if missing <= 0 or not value.startswith("arn:") else value + ":*" * missing


ARNS = (
    Operator("ArnEquals", _arn_like, wildcards=True, widened=_completed),
    Operator("ArnLike", _arn_like, wildcards=True, widened=_completed),
    Operator("ArnNotEquals", _arn_like, negated=True, wildcards=True, widened=_completed),
    Operator("ArnNotLike", _arn_like, negated=True, wildcards=True, widened=_completed),
)

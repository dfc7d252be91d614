"""The ARN operators. Six parts, cut at the first five colons, are compared one by one, each with
wildcards; `ArnEquals` and `ArnLike` are the same. A pattern that is not an ARN fits nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from landrail.policy.glob import Lookup, has_variables, matcher, resolve, split
from landrail.policy.operators.base import Operator, Test

_PARTS = 6
_Part = Callable[[str, Lookup], bool | None]


def _arn_like(values: Sequence[str], variables: bool) -> Test:
    patterns = [_pattern(v, variables) for v in values]

    def test(actual: str, lookup: Lookup) -> bool | None:
        parts = actual.split(":", _PARTS - 1)
        if len(parts) != _PARTS:
            return None
        missed: bool | None = False
        for pattern in patterns:
            fitted = _fits(pattern, parts, lookup)
            if fitted:
                return True
            missed = missed if fitted is False else None
        return missed

    return test


def _fits(pattern: tuple[_Part, ...], parts: list[str], lookup: Lookup) -> bool | None:
    """Whether every part fits; None where all do but those whose variable has no value."""
    if not pattern:
        return False
    undecided = False
    for test, part in zip(pattern, parts, strict=True):
        fitted = test(part, lookup)
        if fitted is False:
            return False
        undecided = undecided or fitted is None
    return None if undecided else True


def _pattern(value: str, variables: bool) -> tuple[_Part, ...]:
    if value == "*":
        return (lambda _part, _lookup: True,) * _PARTS
    parts = _split_outside_variables(value) if variables else value.split(":", _PARTS - 1)
    if len(parts) != _PARTS:
        return ()
    return tuple(_part(p, variables) for p in parts)


def _split_outside_variables(value: str) -> list[str]:
    """Cut at the first five colons that are not inside `${aws:...}`."""
    parts, depth = [""], 0
    for index, char in enumerate(value):
        if value.startswith("${", index):
            depth += 1
        elif char == "}" and depth:
            depth -= 1
        if char == ":" and not depth and len(parts) < _PARTS:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _part(text: str, variables: bool) -> _Part:
    chunks = split(text, wildcards=True, variables=variables)
    if not has_variables(chunks):
        fits = matcher(chunks)
        return lambda part, _lookup: fits(part)

    def late(part: str, lookup: Lookup) -> bool | None:
        resolved = resolve(chunks, lookup)
        return None if resolved is None else matcher(resolved)(part)

    return late


ARNS = (
    Operator("ArnEquals", _arn_like, wildcards=True),
    Operator("ArnLike", _arn_like, wildcards=True),
    Operator("ArnNotEquals", _arn_like, negated=True, wildcards=True),
    Operator("ArnNotLike", _arn_like, negated=True, wildcards=True),
)

"""The string operators: exact, without case, and with wildcards.

A variable without a value makes the comparison undecided where nothing else fits: AWS says both
that a negated operator then matches and that the statement may be invalid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from landrail.policy.glob import Chunks, Lookup, has_variables, matcher, resolve, split
from landrail.policy.operators.base import Operator, Test


def _same(text: str) -> str:
    return text


def _equals(fold: Callable[[str], str]) -> Callable[[Sequence[str], bool], Test]:
    def compile_values(values: Sequence[str], variables: bool) -> Test:
        patterns = [split(v, wildcards=False, variables=variables) for v in values]
        fixed = frozenset(fold(_text(p)) for p in patterns if not has_variables(p))
        open_ones = [p for p in patterns if has_variables(p)]

        def test(actual: str, lookup: Lookup) -> bool | None:
            folded = fold(actual)
            if folded in fixed:
                return True
            missed: bool | None = False
            for pattern in open_ones:
                resolved = resolve(pattern, lookup)
                if resolved is None:
                    missed = None
                elif fold(_text(resolved)) == folded:
                    return True
            return missed

        return test

    return compile_values


def _text(chunks: Chunks) -> str:
    return "".join(atom for chunk in chunks for atom in chunk if isinstance(atom, str))


def _like(values: Sequence[str], variables: bool) -> Test:
    patterns = [split(v, wildcards=True, variables=variables) for v in values]
    fixed = [matcher(p) for p in patterns if not has_variables(p)]
    open_ones = [p for p in patterns if has_variables(p)]

    def test(actual: str, lookup: Lookup) -> bool | None:
        for fits in fixed:
            if fits(actual):
                return True
        missed: bool | None = False
        for pattern in open_ones:
            resolved = resolve(pattern, lookup)
            if resolved is None:
                missed = None
            elif matcher(resolved)(actual):
                return True
        return missed

    return test


STRINGS = (
    Operator("StringEquals", _equals(_same)),
    Operator("StringNotEquals", _equals(_same), negated=True),
    Operator("StringEqualsIgnoreCase", _equals(str.lower)),
    Operator("StringNotEqualsIgnoreCase", _equals(str.lower), negated=True),
    Operator("StringLike", _like, wildcards=True),
    Operator("StringNotLike", _like, negated=True, wildcards=True),
)

"""The string operators: exact, without case, and with wildcards."""

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

        def test(actual: str, lookup: Lookup) -> bool:
            folded = fold(actual)
            if folded in fixed:
                return True
            for pattern in open_ones:
                resolved = resolve(pattern, lookup)
                if resolved is not None and fold(_text(resolved)) == folded:
                    return True
            return False

        return test

    return compile_values


def _text(chunks: Chunks) -> str:
    return "".join(atom for chunk in chunks for atom in chunk if isinstance(atom, str))


def _like(values: Sequence[str], variables: bool) -> Test:
    patterns = [split(v, wildcards=True, variables=variables) for v in values]
    fixed = [matcher(p) for p in patterns if not has_variables(p)]
    open_ones = [p for p in patterns if has_variables(p)]

    def test(actual: str, lookup: Lookup) -> bool:
        for fits in fixed:
            if fits(actual):
                return True
        for pattern in open_ones:
            resolved = resolve(pattern, lookup)
            if resolved is not None and matcher(resolved)(actual):
                return True
        return False

    return test


STRINGS = (
    Operator("StringEquals", _equals(_same)),
    Operator("StringNotEquals", _equals(_same), negated=True),
    Operator("StringEqualsIgnoreCase", _equals(str.casefold)),
    Operator("StringNotEqualsIgnoreCase", _equals(str.casefold), negated=True),
    Operator("StringLike", _like, wildcards=True),
    Operator("StringNotLike", _like, negated=True, wildcards=True),
)

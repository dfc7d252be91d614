"""A condition test made ready: absent keys, negation, `IfExists`, `Null` and the quantifiers.

Where AWS's documentation leaves the outcome open (a value that cannot be read, several values
without a quantifier), it depends on the effect so that less is granted: an Allow does not match,
a Deny does.
"""

from __future__ import annotations

from collections.abc import Callable

from landrail.policy.document import ConditionTest
from landrail.policy.facts import Facts
from landrail.policy.operators import NULL, OPERATORS

Holds = Callable[[Facts], bool]
"""Whether a test passes for a request."""


class CompiledCondition:
    """One test of a statement, ready to be asked: `holds(facts)`."""

    __slots__ = ("holds", "key", "test")

    def __init__(self, test: ConditionTest, *, variables: bool, deny: bool) -> None:
        self.test = test
        self.key = test.key.lower()
        self.holds: Holds = _compile(test, self.key, variables, deny)


def _compile(test: ConditionTest, key: str, variables: bool, deny: bool) -> Holds:
    operator = OPERATORS[test.operator]
    run, negated = operator.test(test.values, variables), operator.negated
    unreadable = negated and deny

    def passes(value: str, facts: Facts) -> bool:
        result = run(value, facts.single)
        return unreadable if result is None else result is not negated

    if test.operator == NULL:
        return _null(key, wanted=frozenset(v.lower() for v in test.values), deny=deny)
    if test.quantifier == "ForAnyValue":
        return _any_value(key, passes, missing=test.if_exists and deny)
    if test.quantifier == "ForAllValues":
        return lambda facts: all(passes(value, facts) for value in _values(facts, key) if value)
    several = any if deny else all
    missing = test.if_exists or negated

    def holds(facts: Facts) -> bool:
        actual = facts.get(key)
        if isinstance(actual, str):
            result = run(actual, facts.single)
            return unreadable if result is None else result is not negated
        return several(passes(value, facts) for value in actual) if actual else missing

    return holds


def _null(key: str, *, wanted: frozenset[str], deny: bool) -> Holds:
    """A key that is there with no value (an empty list, an empty text) is neither plainly null nor
    plainly not: AWS does not say, so an Allow does not match and a Deny does."""

    def holds(facts: Facts) -> bool:
        actual = facts.get(key)
        if actual is not None and not actual:
            return deny
        return ("true" if actual is None else "false") in wanted

    return holds


def _values(facts: Facts, key: str) -> tuple[str, ...]:
    actual = facts.get(key)
    return (actual,) if isinstance(actual, str) else actual or ()


def _any_value(key: str, passes: Callable[[str, Facts], bool], *, missing: bool) -> Holds:
    def holds(facts: Facts) -> bool:
        values = _values(facts, key)
        return any(passes(value, facts) for value in values) if values else missing

    return holds

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
    negated, values = operator.negated, test.values
    if operator.widened is not None and deny is not negated:
        values = tuple(map(operator.widened, values))
    run = operator.test(values, variables)
    unreadable = negated and deny

    def passes(value: str, facts: Facts) -> bool:
        result = run(value, facts.single)
        return unreadable if result is None else result is not negated

    if test.operator == NULL:
        return _null(key, wanted=frozenset(v.lower() for v in test.values), deny=deny)
    if test.quantifier == "ForAnyValue":
        return _any_value(key, passes, missing=test.if_exists and deny, empty=deny)
    if test.quantifier == "ForAllValues":
        return _all_values(key, passes, deny)
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
    """A key with no value in its list is not there with a value, so `false` does not hold; whether
    it is null AWS does not say, nor what an empty text is: an Allow does not match, a Deny does."""

    def holds(facts: Facts) -> bool:
        actual = facts.get(key)
        if actual is None:
            return "true" in wanted
        if actual == ():
            return deny and "true" in wanted
        return "false" in wanted if any(actual) else deny

    return holds


def _values(facts: Facts, key: str) -> tuple[str, ...]:
    actual = facts.get(key)
    return (actual,) if isinstance(actual, str) else actual or ()


def _any_value(
    key: str, passes: Callable[[str, Facts], bool], *, missing: bool, empty: bool
) -> Holds:
    """An empty text is an empty set, of which nothing passes; `empty` lets it pass all the same."""

    def holds(facts: Facts) -> bool:
        values = _values(facts, key)
        if not values:
            return missing
        return any(passes(value, facts) for value in values if value or empty)

    return holds


def _all_values(key: str, passes: Callable[[str, Facts], bool], deny: bool) -> Holds:
    """An empty text is an empty set, of which all pass. Beside other values AWS does not say: in
    an Allow it must pass as they do, in a Deny it need not."""

    def holds(facts: Facts) -> bool:
        values = _values(facts, key)
        if deny or not any(values):
            values = tuple(filter(None, values))
        return all(passes(value, facts) for value in values)

    return holds

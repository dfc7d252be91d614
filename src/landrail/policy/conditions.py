"""A condition test made ready: absent keys, negation, `IfExists`, `Null` and the quantifiers.

Where AWS's documentation leaves the outcome open (a value that cannot be read, several values
without a quantifier), it depends on the effect so that less is granted: an Allow does not match,
a Deny does.
"""

from __future__ import annotations

from landrail.policy.document import ConditionTest
from landrail.policy.facts import Facts
from landrail.policy.operators import NULL, OPERATORS


class CompiledCondition:
    """One test of a statement; `deny` is the statement's effect."""

    __slots__ = (
        "_all",
        "_any",
        "_deny",
        "_if_exists",
        "_negated",
        "_null",
        "_run",
        "key",
        "test",
    )

    def __init__(self, test: ConditionTest, *, variables: bool, deny: bool) -> None:
        operator = OPERATORS[test.operator]
        self.test = test
        self.key = test.key.lower()
        self._run = operator.test(test.values, variables)
        self._negated = operator.negated
        self._null = test.operator == NULL
        self._if_exists = test.if_exists
        self._any = test.quantifier == "ForAnyValue"
        self._all = test.quantifier == "ForAllValues"
        self._deny = deny

    def holds(self, facts: Facts) -> bool:
        """Whether the test passes for the request."""
        actual = facts.get(self.key)
        if self._null:
            empty = actual is None or actual in ("", ())
            return bool(self._run("true" if empty else "false", facts.single))
        if self._any or self._all:
            values = (actual,) if isinstance(actual, str) else actual or ()
            return self._quantified(values, facts)
        if isinstance(actual, str):
            return self._passes(actual, facts)
        if not actual:
            return self._if_exists or self._negated
        passed = (self._passes(value, facts) for value in actual)
        return any(passed) if self._deny else all(passed)

    def _quantified(self, values: tuple[str, ...], facts: Facts) -> bool:
        if self._any:
            if not values:
                return self._if_exists and self._deny
            return any(self._passes(value, facts) for value in values)
        return all(self._passes(value, facts) for value in values if value)

    def _passes(self, value: str, facts: Facts) -> bool:
        result = self._run(value, facts.single)
        if result is None:
            return self._negated and self._deny
        return result != self._negated

"""A policy asked of a document: does each rule pass, fail, or say nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from landrail.localaws.services.config.guard import comparing, syntax
from landrail.localaws.services.config.guard.finding import ABSENT, Scope, find
from landrail.localaws.services.config.guard.queries import UNARY
from landrail.localaws.services.config.guard.syntax import (
    Block,
    Body,
    Clause,
    Conditions,
    Named,
    Policy,
    Query,
    Question,
)

Status = Literal["PASS", "FAIL", "SKIP"]


@dataclass(frozen=True, slots=True)
class Judged:
    """What came out, and for a failure what the clauses that failed say."""

    status: Status
    says: str


def judge(policy: Policy, document: Any) -> Judged:
    """Ask all rules of a policy; it fails where one does."""
    judging = _Judging(policy, document)
    statuses = [judging.rule(name) for name in policy.rules]
    return Judged(_all_of(statuses), "; ".join(dict.fromkeys(judging.failures)))


class _Judging:
    def __init__(self, policy: Policy, document: Any) -> None:
        self._policy = policy
        self._outer = Scope(document, policy.variables, None, self._holds)
        self._statuses: dict[str, Status] = {}
        self._asked: set[str] = set()
        self.failures: list[str] = []

    def rule(self, name: str) -> Status:
        if name not in self._policy.rules or name in self._asked:
            return "FAIL"
        if name not in self._statuses:
            self._asked.add(name)
            rule = self._policy.rules[name]
            self._statuses[name] = self._body(rule.body, rule.when, self._outer)
            self._asked.discard(name)
        return self._statuses[name]

    def _body(self, body: Body, when: Conditions | None, scope: Scope) -> Status:
        if when is not None and not self._holds(when, scope):
            return "SKIP"
        return self._conditions(body.conditions, scope.within(scope.value, body.variables))

    def _holds(self, conditions: Conditions, scope: Scope) -> bool:
        """Whether conditions of a filter or `when` hold; what they say is no failure."""
        kept = list(self.failures)
        status = self._conditions(conditions, scope)
        self.failures = kept
        return status == "PASS"

    def _conditions(self, conditions: Conditions, scope: Scope) -> Status:
        return _all_of([self._either(either, scope) for either in conditions])

    def _either(self, questions: Iterable[Question], scope: Scope) -> Status:
        kept = list(self.failures)
        statuses: list[Status] = []
        for question in questions:
            statuses.append(self._question(question, scope))
            if statuses[-1] == "PASS":
                self.failures = kept
                return "PASS"
        return "FAIL" if "FAIL" in statuses else "SKIP"

    def _question(self, question: Question, scope: Scope) -> Status:
        if isinstance(question, Block):
            return self._block(question, scope)
        status = self._named(question) if isinstance(question, Named) else _clause(question, scope)
        if status == "FAIL":
            self.failures.append(question.message or question.text)
        return status

    def _named(self, question: Named) -> Status:
        kept = list(self.failures)
        passes = self.rule(question.rule) == "PASS"
        self.failures = kept
        return "PASS" if passes != question.negated else "FAIL"

    def _block(self, block: Block, scope: Scope) -> Status:
        if block.query is None:
            return self._body(block.body, block.when, scope)
        statuses: list[Status] = []
        for value in find(block.query, scope):
            if value is ABSENT:
                self.failures.append(f"{block.query.text} exists")
                statuses.append("FAIL")
            else:
                inner = scope.within(value, block.body.variables)
                statuses.append(self._conditions(block.body.conditions, inner))
        if block.query.some and "PASS" in statuses:
            return "PASS"
        return _all_of(statuses)


def _all_of(statuses: Iterable[Status]) -> Status:
    found = set(statuses)
    return "FAIL" if "FAIL" in found else "PASS" if "PASS" in found else "SKIP"


def _clause(clause: Clause, scope: Scope) -> Status:
    values = find(clause.query, scope)
    if clause.operator in UNARY:
        return _unary(clause, values)
    if not values:
        return "FAIL" if clause.query.some else "SKIP"
    compared = _compared(clause, scope)
    answers = [value is not ABSENT and compared(value) for value in values]
    return "PASS" if (any if clause.query.some else all)(answers) else "FAIL"


def _unary(clause: Clause, values: list[Any]) -> Status:
    if not values:
        if clause.operator not in ("exists", "empty"):
            return "SKIP"
        return "PASS" if (clause.operator == "empty") != clause.negated else "FAIL"
    answers = [_is_so(clause, value) for value in values]
    return "PASS" if (any if clause.query.some else all)(answers) else "FAIL"


def _is_so(clause: Clause, value: Any) -> bool:
    if clause.operator == "exists":
        return (value is not ABSENT) != clause.negated
    if clause.operator == "empty":
        return (value is ABSENT or comparing.is_empty(value)) != clause.negated
    return value is not ABSENT and comparing.is_type(clause.operator, value) != clause.negated


def _compared(clause: Clause, scope: Scope) -> Callable[[Any], bool]:
    given = clause.value
    if isinstance(given, syntax.Literal):
        return lambda value: _decided(
            comparing.compares(clause.operator, value, given.value), clause.negated
        )
    others = find(given, scope) if isinstance(given, Query) else []
    known = [other for other in others if other is not ABSENT]
    if len(known) != len(others) or not known:
        return lambda _value: False
    if clause.operator == "in":
        flat = [one for other in known for one in (other if isinstance(other, list) else [other])]
        return lambda value: _decided(comparing.is_in(value, flat), clause.negated)
    if clause.operator == "==":
        return lambda value: _decided(_any(value, known), clause.negated)
    return lambda value: all(
        _decided(comparing.compares(clause.operator, value, other), clause.negated)
        for other in known
    )


def _any(value: Any, others: list[Any]) -> bool | None:
    answers = [comparing.equal(value, other) for other in others]
    return True if True in answers else None if None in answers else False


def _decided(answer: bool | None, negated: bool) -> bool:
    return answer is not None and answer != negated

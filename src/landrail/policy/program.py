"""A document made ready to be asked: statements by action, each with its tests.

Made once for a document and kept with it. The index from an action to the statements about it is
filled as actions are met; it depends on the document alone and remembers no request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from landrail.policy.conditions import CompiledCondition
from landrail.policy.document import ConditionTest, Document, Statement
from landrail.policy.facts import Facts
from landrail.policy.glob import matcher, split
from landrail.policy.principals import Naming, compile_exempt, compile_principals
from landrail.policy.resources import compile_resources
from landrail.policy.values import Principal

Test = Callable[[Facts], bool]
"""Whether something of a statement fits a request."""

_MOST_ACTIONS = 32_768


class CompiledStatement:
    """One statement with its tests; `test` asks for resource and conditions, and is None where it
    always applies; `restates_role` says that it grants to everybody whose
    `aws:PrincipalArn` is a given one, which AWS treats apart from other grants to everybody."""

    __slots__ = (
        "conditions",
        "deny",
        "exempt",
        "named",
        "principals",
        "resource",
        "restates_role",
        "statement",
        "test",
    )

    def __init__(self, statement: Statement, document: Document) -> None:
        self.statement = statement
        self.deny = statement.effect == "Deny"
        self.resource = compile_resources(statement, document)
        self.principals = statement.principals is not None
        self.named = compile_principals(statement)
        self.exempt = compile_exempt(statement)
        self.conditions = tuple(
            CompiledCondition(test, variables=document.variables, deny=self.deny)
            for test in statement.conditions
        )
        self.restates_role = any(_pins(test) for test in statement.conditions)
        about = () if self.resource is None else (self.resource,)
        self.test = _every((*about, *(c.holds for c in self.conditions)))

    def about(self, facts: Facts) -> bool:
        """Whether the resource fits."""
        return self.resource is None or self.resource(facts)

    def naming(self, principal: Principal, bounded: bool) -> Naming | None:
        """How the statement names the caller, None if it does not. A `NotPrincipal` hits every
        principal that has a permissions boundary, listed or not."""
        if self.named is not None:
            return self.named(principal)
        spared = self.exempt is not None and not bounded and self.exempt(principal)
        return Naming.EXACT if self.deny and not spared else None


def _every(tests: tuple[Test, ...]) -> Test | None:
    """Return one test for all of them; None: there is nothing to test. Few are made into one
    function, because this is the loop that every decision runs."""
    if len(tests) < 2:
        return tests[0] if tests else None
    if len(tests) == 2:
        first, second = tests
        return lambda facts: first(facts) and second(facts)

    def test(facts: Facts) -> bool:
        for each in tests:  # noqa: SIM110 - a loop: all() costs a generator a call
            if not each(facts):
                return False
        return True

    return test


_PINS = ("StringEquals", "StringLike", "ArnEquals", "ArnLike")


def _pins(test: ConditionTest) -> bool:
    """Whether the test holds for principals that are written out alone: a pattern does not say
    which role it grants to."""
    if test.key.lower() != "aws:principalarn" or test.operator not in _PINS:
        return False
    fixed = not any(mark in value for value in test.values for mark in ("*", "?", "${"))
    return fixed and not test.if_exists and test.quantifier is None


class About(NamedTuple):
    """The statements of a document about one action, in their order."""

    denying: tuple[CompiledStatement, ...]
    allowing: tuple[CompiledStatement, ...]


class _ByAction(dict[str, About]):
    """The index from an action in lower case to the statements about it, filled as actions are
    met and bounded, because actions come from requests."""

    def __init__(self, document: Document) -> None:
        self._statements = tuple(CompiledStatement(s, document) for s in document.statements)
        self._fits = tuple(_actions(s) for s in document.statements)

    def __missing__(self, action: str) -> About:
        about = [s for s, fits in zip(self._statements, self._fits, strict=True) if fits(action)]
        found = About(tuple(s for s in about if s.deny), tuple(s for s in about if not s.deny))
        if len(self) < _MOST_ACTIONS:
            self[action] = found
        return found


class Program:
    """The compiled statements of one document: `about[action]`, in lower case."""

    __slots__ = ("about", "asks_tags")

    def __init__(self, document: Document) -> None:
        self.about: Mapping[str, About] = _ByAction(document)
        self.asks_tags = any(_asks_tags(s) for s in document.statements)


def _actions(statement: Statement) -> Callable[[str], bool]:
    patterns = {a.lower() for a in statement.actions}
    if "*" in patterns or "*:*" in patterns:
        return lambda _action: not statement.not_action
    exact = frozenset(p for p in patterns if "*" not in p and "?" not in p)
    by_service: dict[str, list[Callable[[str], bool]]] = {}
    for pattern in patterns - exact:
        fits = matcher(split(pattern, wildcards=True, variables=False))
        by_service.setdefault(pattern.partition(":")[0], []).append(fits)

    def test(action: str) -> bool:
        listed = action in exact or any(
            fits(action) for fits in by_service.get(action.partition(":")[0], ())
        )
        return listed != statement.not_action

    return test


_TAGS_OF_RESOURCE = ("resourcetag/", "existingobjecttag/")


def _asks_tags(statement: Statement) -> bool:
    texts = [t.key for t in statement.conditions]
    texts += [v for t in statement.conditions for v in t.values if "${" in v]
    texts += [r for r in statement.resources or () if "${" in r]
    return any(mark in text.lower() for text in texts for mark in _TAGS_OF_RESOURCE)


def asks_resource_tags(document: Document) -> bool:
    """Whether the document asks for tags of the resource, so that a caller can save reading them
    where no policy in force does."""
    return program(document).asks_tags


def program(document: Document) -> Program:
    """Return the document's program, made at its first use."""
    made: Program | None = document.compiled
    if made is None:
        made = Program(document)
        object.__setattr__(document, "compiled", made)
    return made

"""Conditions that no request fulfils: tests of one key that exclude each other.

Asked of the evaluator's own operators: where a test names the only values a key may have, each is
put to the other tests of that key; where none passes all, the statement never applies. Tests with
variables are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from landrail.policy.lint.finding import Found
from landrail.policy.lint.subject import Part, Subject, Test
from landrail.policy.operators.numbers import read_date, read_number

_FINITE = ("StringEquals", "StringEqualsIgnoreCase", "Bool", "NumericEquals", "DateEquals")
_RANGES = {"Numeric": read_number, "Date": read_date}


def never_true(subject: Subject) -> Iterator[Found]:
    """Tests of one key that no value fulfils together."""
    for part in subject.parts:
        by_key: dict[str, list[Test]] = {}
        for test in part.tests:
            by_key.setdefault(test.lower, []).append(test)
        for tests in by_key.values():
            if len(tests) > 1 and (at := _excluded(tests)) is not None:
                said = f"no value of `{at.key}` fulfils all tests of it"
                yield Found(at.key_at, said, "the statement never applies; mend or remove it")


def _excluded(tests: list[Test]) -> Test | None:
    absent = [t for t in tests if t.name == "Null" and _says(t, "true")]
    if absent and any(_needs_key(t) for t in tests):
        return absent[0]
    plain = [t for t in tests if t.quantifier is None and t.operator and t.name != "Null"]
    if len(plain) < 2 or any("${" in v or "*" in v for t in plain for v, _ in t.values):
        return None
    if all(t.if_exists or (t.operator and t.operator.negated) for t in plain):
        return None
    candidates = _candidates(plain)
    if candidates is None or any(_fulfils(value, plain) for value in candidates):
        return None
    return plain[-1]


def _needs_key(test: Test) -> bool:
    operator = test.operator
    if operator is None or test.if_exists or test.quantifier == "ForAllValues":
        return False
    if test.name == "Null":
        return _says(test, "false") and not _says(test, "true")
    return not operator.negated or test.quantifier == "ForAnyValue"


def _says(test: Test, word: str) -> bool:
    return any(value.lower() == word for value, _ in test.values)


def _candidates(tests: list[Test]) -> list[str] | None:
    """Return values of which one must pass if any does; None: they cannot be told."""
    for test in tests:
        if test.name in _FINITE:
            return [value for value, _ in test.values]
    family = next((f for f in _RANGES if all(t.name.startswith(f) for t in tests)), None)
    if family is None:
        return None
    read = _RANGES[family]
    try:
        bounds = sorted({float(read(value)) for t in tests for value, _ in t.values})
    except (ValueError, OverflowError):
        return None
    if not bounds:
        return None
    between = [(a + b) / 2 for a, b in pairwise(bounds)]
    return [repr(n) for n in (bounds[0] - 1, *bounds, *between, bounds[-1] + 1)]


def _fulfils(value: str, tests: list[Test]) -> bool:
    for test in tests:
        assert test.operator is not None
        try:
            fits = test.operator.test(tuple(v for v, _ in test.values), False)(
                value, lambda _: None
            )
        except ValueError:
            return True
        if fits is None or fits is test.operator.negated:
            return False
    return True


def redundant_value(subject: Subject) -> Iterator[Found]:
    """The same value twice in one test."""
    for part in subject.parts:
        for test in part.tests:
            seen: set[str] = set()
            for value, node in test.values:
                if value in seen:
                    yield Found(node, f"`{value}` stands twice", "keep one of them")
                seen.add(value)


def redundant_statement(subject: Subject) -> Iterator[Found]:
    """A statement that says what another one says already."""
    seen: dict[object, int] = {}
    for part in subject.parts:
        meaning = _meaning(part)
        before = seen.setdefault(meaning, part.number)
        if before != part.number:
            said = f"statement {part.number} says the same as statement {before}"
            yield Found(part.node, said, "remove one of them")


def _meaning(part: Part) -> object:
    return (
        part.effect,
        part.not_action,
        frozenset(a.lower() for a, _ in part.actions),
        part.not_resource,
        frozenset(r for r, _ in part.resources),
        _who(part),
        frozenset(
            (t.written.lower(), t.lower, frozenset(v for v, _ in t.values)) for t in part.tests
        ),
    )


def _who(part: Part) -> object:
    found = part.element("Principal")
    return found and (found[0], frozenset((kind, text) for kind, text, _ in part.principals))


def dead_allow(subject: Subject) -> Iterator[Found]:
    """An `Allow` that a `Deny` of the same policy takes back whole."""
    if subject.kind == "scp":
        return
    denies = [p for p in subject.parts if p.denies and not p.tests and not p.not_action]
    for part in subject.parts:
        if not part.allows or part.not_action or part.not_resource or not part.actions:
            continue
        for deny in denies:
            if deny.not_resource or _who(deny) != _who(part):
                continue
            actions = _within(
                [a.lower() for a, _ in part.actions], [a.lower() for a, _ in deny.actions]
            )
            if actions and _within([r for r, _ in part.resources], [r for r, _ in deny.resources]):
                said = f"statement {deny.number} denies all that this one allows"
                yield Found(part.node, said, "remove one of them")


def _within(narrow: list[str], wide: list[str]) -> bool:
    return bool(narrow) and all(n in wide or "*" in wide for n in narrow)

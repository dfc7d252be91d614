"""From the text of a query to what it asks."""

from __future__ import annotations

from landrail.diagnostics import nearest
from landrail.localaws.services.config.select.statement import (
    Aggregate,
    All,
    Any,
    Comparison,
    Condition,
    Function,
    Not,
    Order,
    Property,
    Scalar,
    Selected,
    Statement,
    Wrong,
)
from landrail.localaws.services.config.select.tokens import Tokens, path_of

FIELDS = (
    *("accountId", "arn", "availabilityZone", "awsRegion", "configuration"),
    *("configurationItemCaptureTime", "configurationItemStatus", "configurationStateId"),
    *("relationships", "resourceCreationTime", "resourceId", "resourceName", "resourceType"),
    *("supplementaryConfiguration", "tags", "version", "recordingFrequency"),
)
_FUNCTIONS: tuple[Function, ...] = ("COUNT", "AVG", "MAX", "MIN", "SUM")
_COMPARING = ("=", "<>", "!=", "<=", ">=", "<", ">")
_CLAUSES = ("FROM", "WHERE", "GROUP", "ORDER", "LIMIT", "AS", "JOIN", "HAVING")
_LONGEST = 4096


def parse(expression: str) -> Statement:
    """Read a query; raises Wrong."""
    if len(expression) > _LONGEST:
        raise Wrong(f"an expression has at most {_LONGEST} characters")
    tokens = Tokens(expression)
    tokens.need("SELECT")
    selected = _selected(tokens)
    if tokens.word("FROM"):
        raise tokens.wrong("FROM is not supported: there is one set of items", tokens.token.at)
    where = _either(tokens) if tokens.word("WHERE") else None
    group: tuple[Property, ...] = ()
    if tokens.word("GROUP"):
        tokens.need("BY")
        group = _properties(tokens)
    order = _order(tokens) if tokens.word("ORDER") else ()
    limit = int(tokens.take("number", "a number")) if tokens.word("LIMIT") else None
    if tokens.token.kind != "end":
        raise tokens.expected("the end")
    statement = Statement(selected, where, group, order, limit)
    _check(statement)
    return statement


def _selected(tokens: Tokens) -> tuple[Selected, ...]:
    if tokens.mark("*"):
        return ()
    found = [_one(tokens)]
    while tokens.mark(","):
        found.append(_one(tokens))
    return tuple(found)


def _one(tokens: Tokens) -> Selected:
    what = _what(tokens)
    if tokens.word("AS"):
        return Selected(what, tokens.take("name", "an alias").strip('"'))
    follows = tokens.token
    if follows.kind == "name" and follows.text.upper() not in _CLAUSES:
        return Selected(what, tokens.take("name", "an alias").strip('"'))
    return Selected(what)


def _what(tokens: Tokens) -> Property | Aggregate:
    for function in _FUNCTIONS:
        if tokens.word(function):
            tokens.need("(")
            distinct = tokens.word("DISTINCT")
            of = None if tokens.mark("*") else _property(tokens)
            tokens.need(")")
            if of is None and function != "COUNT":
                raise tokens.wrong(f"{function}(*) says nothing", tokens.token.at)
            return Aggregate(function, of, distinct)
    return _property(tokens)


def _property(tokens: Tokens) -> Property:
    at = tokens.token.at
    found = Property(path_of(tokens.take("name", "a property")))
    first = found.path[0] if found.path else ""
    if first not in FIELDS:
        near = nearest(first, FIELDS)
        hint = f": did you mean {near}?" if near else f"; properties begin with {', '.join(FIELDS)}"
        raise tokens.wrong(f"unknown property {found.text}{hint}", at)
    return found


def _properties(tokens: Tokens) -> tuple[Property, ...]:
    found = [_property(tokens)]
    while tokens.mark(","):
        found.append(_property(tokens))
    return tuple(found)


def _order(tokens: Tokens) -> tuple[Order, ...]:
    tokens.need("BY")
    found: list[Order] = []
    while True:
        by = _what(tokens)
        descending = tokens.word("DESC")
        if not descending:
            tokens.word("ASC")
        found.append(Order(by, descending))
        if not tokens.mark(","):
            return tuple(found)


def _either(tokens: Tokens) -> Condition:
    found = [_both(tokens)]
    while tokens.word("OR"):
        found.append(_both(tokens))
    return found[0] if len(found) == 1 else Any(tuple(found))


def _both(tokens: Tokens) -> Condition:
    found = [_condition(tokens)]
    while tokens.word("AND"):
        found.append(_condition(tokens))
    return found[0] if len(found) == 1 else All(tuple(found))


def _condition(tokens: Tokens) -> Condition:
    if tokens.word("NOT"):
        return Not(_condition(tokens))
    if tokens.mark("("):
        found = _either(tokens)
        tokens.need(")")
        return found
    return _comparison(tokens, _property(tokens))


def _comparison(tokens: Tokens, of: Property) -> Condition:
    if tokens.word("IS"):
        negated = tokens.word("NOT")
        tokens.need("NULL")
        return _negated(Comparison(of, "IS NULL"), negated)
    negated = tokens.word("NOT")
    if tokens.word("IN"):
        tokens.need("(")
        values = [_scalar(tokens)]
        while tokens.mark(","):
            values.append(_scalar(tokens))
        tokens.need(")")
        return _negated(Comparison(of, "IN", tuple(values)), negated)
    if tokens.word("BETWEEN"):
        low = _scalar(tokens)
        tokens.need("AND")
        return _negated(Comparison(of, "BETWEEN", (low, _scalar(tokens))), negated)
    if tokens.word("LIKE"):
        at = tokens.token.at
        value = _scalar(tokens)
        if not isinstance(value, str):
            raise tokens.wrong("LIKE takes a text", at)
        return _negated(Comparison(of, "LIKE", (value,)), negated)
    for mark in () if negated else _COMPARING:
        if tokens.mark(mark):
            return Comparison(of, "<>" if mark == "!=" else mark, (_scalar(tokens),))
    raise tokens.expected("a comparison")


def _negated(found: Comparison, negated: bool) -> Condition:
    return Not(found) if negated else found


def _scalar(tokens: Tokens) -> Scalar:
    if tokens.word("TRUE"):
        return True
    if tokens.word("FALSE"):
        return False
    if tokens.token.kind == "number":
        text = tokens.take("number", "a value")
        return float(text) if "." in text else int(text)
    return tokens.take("text", "a value")[1:-1].replace("''", "'")


def _check(statement: Statement) -> None:
    if not statement.aggregates:
        return
    if not statement.selected:
        raise Wrong("SELECT * cannot be grouped")
    for one in statement.selected:
        if isinstance(one.what, Property) and one.what not in statement.group:
            raise Wrong(f"property {one.what.text} is selected beside aggregates: GROUP BY it")

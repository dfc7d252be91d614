"""From the text of a gate to its tree.

    condition  = all {"or" all}
    all        = one {"and" one}
    one        = "(" condition ")" | value COMPARE value {COMPARE value}
    value      = product {("+" | "-") product}
    product    = factor {("*" | "/") factor}
    factor     = ["-"] (NUMBER | METRIC | "(" value ")")

`0.5 <= auc <= 0.99` is two comparisons. A metric is a name, or `champion.` and a name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from landrail.diagnostics import nearest
from landrail.spec.gate.judging import judge
from landrail.spec.gate.tokens import GateError, Kind, Token, tokens
from landrail.spec.gate.tree import (
    CHAMPION,
    Comparison,
    Condition,
    Joined,
    Metric,
    Number,
    Sum,
    Value,
    comparisons,
    metrics_of,
)

_JOINING = ("and", "or")
_DEEPEST = 50
# Others' words for what a gate cannot say, so that they are not taken for metrics.
_NOT_METRICS = ("not", "in", "is", "if", "else", "true", "false", "True", "False", "None")


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate that was read; it keeps its text to be shown."""

    text: str
    condition: Condition

    @property
    def metrics(self) -> frozenset[str]:
        """The metrics that the candidate must have."""
        return frozenset(m.name for m in metrics_of(self.condition) if not m.of_champion)

    @property
    def of_champion(self) -> frozenset[str]:
        """The metrics that the champion must have, where there is one."""
        named = (m.name for m in metrics_of(self.condition) if m.of_champion)
        return frozenset(name.removeprefix(CHAMPION) for name in named)

    def passes(
        self, metrics: Mapping[str, float], champion: Mapping[str, float] | None = None
    ) -> bool:
        """Return whether the measurements pass, see `judge`."""
        return judge(self.condition, metrics, champion).passes


def parse_gate(text: str) -> Gate:
    """Read a gate; raises GateError saying what was expected where, and where a gate could never
    hold anything back."""
    reader = _Reader(tuple(tokens(text)))
    condition = reader.condition()
    reader.expect_end()
    _check(condition)
    return Gate(text, condition)


def _check(condition: Condition) -> None:
    held = list(comparisons(condition))
    for one in held:
        if not any(metrics_of(one)):
            raise GateError(f"`{one}` compares no metric")
        if one.left == one.right:
            raise GateError(f"`{one}` compares a thing with itself")
    if all(any(m.of_champion for m in metrics_of(one)) for one in held):
        raise GateError(
            "every comparison is with the champion, so nothing would hold the first model; "
            "add one with a number or the baseline"
        )


class _Reader:
    """Reads words from left to right; an opened bracket goes one deeper."""

    def __init__(self, words: tuple[Token, ...]) -> None:
        self._words = words
        self._at = 0
        self._depth = 0

    @property
    def _next(self) -> Token:
        return self._words[self._at]

    def condition(self) -> Condition:
        """Read conditions joined by `or`."""
        return self._joined("or", lambda: self._joined("and", self._one))

    def expect_end(self) -> None:
        """Raise GateError unless all is read."""
        if self._next.kind is not Kind.END:
            raise self._expected("`and`, `or` or the end")

    def _joined(self, word: str, read: Callable[[], Condition]) -> Condition:
        parts = [read()]
        while self._takes(Kind.NAME, word):
            parts.append(read())
        return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))

    def _one(self) -> Condition:
        inner = self._condition_in_brackets()
        return inner if inner is not None else self._comparison()

    def _condition_in_brackets(self) -> Condition | None:
        """Read `( condition )`; None, and nothing read, where the bracket holds a value."""
        began = self._at
        if not self._takes(Kind.SIGN, "("):
            return None
        if not self._holds_condition(began):
            self._at = began
            return None
        self._deeper()
        inner = self.condition()
        self._close()
        return inner

    def _holds_condition(self, opened: int) -> bool:
        """Say whether what the bracket at a place encloses compares anything."""
        depth = 0
        for word in self._words[opened:]:
            depth += (word.text == "(") - (word.text == ")")
            if depth == 0:
                return False
            if word.kind is Kind.COMPARE or word.text in _JOINING:
                return True
        return False

    def _comparison(self) -> Condition:
        left = self._value()
        made: list[Condition] = []
        while self._next.kind is Kind.COMPARE:
            symbol = self._take().text
            right = self._value()
            made.append(Comparison(left, symbol, right))
            left = right
        if not made:
            raise self._expected("a comparison (>=, >, <=, < or ==)")
        return made[0] if len(made) == 1 else Joined("and", tuple(made))

    def _value(self) -> Value:
        return self._chain("+-", lambda: self._chain("*/", self._factor))

    def _chain(self, symbols: str, read: Callable[[], Value]) -> Value:
        made = read()
        while self._next.kind is Kind.SIGN and self._next.text in symbols:
            sign = self._take()
            right = read()
            if sign.text == "/" and isinstance(right, Number) and right.value == 0:
                raise GateError("nothing is divided by 0", sign.column)
            made = Sum(made, sign.text, right)
        return made

    def _factor(self) -> Value:
        if self._takes(Kind.SIGN, "-"):
            self._deeper()
            negated = self._factor()
            self._depth -= 1
            if isinstance(negated, Number):
                return Number(-negated.value, f"-{negated.text}")
            return Sum(Number(0.0, "0"), "-", negated)
        if self._takes(Kind.SIGN, "("):
            self._deeper()
            inner = self._value()
            self._close()
            return inner
        if self._next.kind is Kind.NUMBER:
            return _number(self._take())
        if self._next.kind is Kind.NAME and self._next.text not in _JOINING:
            return _metric(self._take())
        raise self._expected("a metric or a number")

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise GateError(f"more than {_DEEPEST} brackets or signs deep", self._next.column)

    def _close(self) -> None:
        if not self._takes(Kind.SIGN, ")"):
            raise self._expected("`)`")
        self._depth -= 1

    def _takes(self, kind: Kind, text: str) -> bool:
        found = self._next.kind is kind and self._next.text == text
        self._at += found
        return found

    def _take(self) -> Token:
        self._at += 1
        return self._words[self._at - 1]

    def _expected(self, what: str) -> GateError:
        found = self._next.text
        meant = found.lower() in _JOINING and found not in _JOINING
        advice = f"; did you mean `{found.lower()}`?" if meant else ""
        return GateError(f"expected {what}, found {self._next}{advice}", self._next.column)


def _number(word: Token) -> Number:
    value = float(word.text.removesuffix("%")) / (100 if word.text.endswith("%") else 1)
    if not math.isfinite(value):
        raise GateError(f"{word} is too large a number", word.column)
    return Number(value, word.text)


def _metric(word: Token) -> Metric:
    if word.text in _NOT_METRICS:
        raise GateError(f"{word} is no metric, and a gate has no such word", word.column)
    head, dot, name = word.text.partition(".")
    if dot and f"{head}." != CHAMPION:
        advice = f"; did you mean `{CHAMPION}{name}`?" if nearest(head, [CHAMPION[:-1]]) else ""
        raise GateError(f"{word}: only `champion.` stands before a metric{advice}", word.column)
    return Metric(word.text)

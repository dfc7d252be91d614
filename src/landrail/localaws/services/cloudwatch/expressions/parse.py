"""From the text of an expression to its tree.

Source: CloudWatch User Guide, "Using metric math", "Metric math syntax and functions".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/^<>(),\[\]]))"
)
# From what binds least to what binds most.
_BINARY = (("||",), ("&&",), ("==", "!=", "<", "<=", ">", ">="), ("+", "-"), ("*", "/"), ("^",))
_WORDS = {"OR": "||", "AND": "&&"}
_DEEPEST = 50
_LONGEST = 400


class MathError(Exception):
    """What is wrong in an expression."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class Text:
    """A text in quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """The id of another query, or a word such as REPEAT."""

    value: str


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands and the sign between them."""

    sign: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Negative:
    """What a minus stands before."""

    of: Expression


@dataclass(frozen=True, slots=True)
class Several:
    """A list in brackets."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """A function with its arguments."""

    function: str
    arguments: tuple[Expression, ...]


Expression = Number | Text | Name | Binary | Negative | Several | Applied


def parse(text: str) -> Expression:
    """Read an expression; raises MathError."""
    if text.lstrip().upper().startswith("SELECT "):
        raise MathError("the local AWS does not have Metrics Insights queries")
    tokens = list(_tokens(text))
    if len(tokens) > _LONGEST:
        raise MathError(f"it has {len(tokens)} parts, and the local AWS reads {_LONGEST} at most")
    reader = _Reader(tokens)
    found = reader.binary(0)
    if reader.peek() is not None:
        raise MathError(f"unexpected `{reader.peek()}`")
    return found


def names(expression: Expression) -> Iterator[str]:
    """Yield the ids that an expression names, words in capitals left out."""
    match expression:
        case Name(value):
            if not value[0].isupper():
                yield value
        case Binary(_, left, right):
            yield from names(left)
            yield from names(right)
        case Negative(of):
            yield from names(of)
        case Several(items) | Applied(_, items):
            for item in items:
                yield from names(item)


def _tokens(text: str) -> Iterator[str]:
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            raise MathError(f"cannot be read from `{text[position:].strip()[:20]}` on")
        found = match.group(match.lastgroup or 0)
        yield _WORDS.get(found, found)
        position = match.end()


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def binary(self, level: int) -> Expression:
        self._depth += 1
        if self._depth > _DEEPEST * len(_BINARY):
            raise MathError("it is nested too deeply")
        if level == len(_BINARY):
            found = self._unary()
        else:
            found = self.binary(level + 1)
            while (sign := self.peek()) in _BINARY[level]:
                self._at += 1
                found = Binary(str(sign), found, self.binary(level + 1))
        self._depth -= 1
        return found

    def _unary(self) -> Expression:
        if self.peek() == "-":
            self._at += 1
            return Negative(self.binary(len(_BINARY) - 1))
        return self._primary()

    def _primary(self) -> Expression:
        token = self._next()
        if token[0].isdigit():
            return Number(float(token))
        if token[0] in "\"'":
            return Text(token[1:-1])
        if token == "(":
            found = self.binary(0)
            self._expect(")")
            return found
        if token == "[":
            return Several(tuple(self._list("]")))
        if not (token[0].isalpha() or token[0] == "_"):
            raise MathError(f"unexpected `{token}`")
        if self.peek() == "(":
            self._at += 1
            return Applied(token, tuple(self._list(")")))
        return Name(token)

    def _list(self, end: str) -> Iterator[Expression]:
        if self.peek() == end:
            self._at += 1
            return
        while True:
            yield self.binary(0)
            if self.peek() != ",":
                break
            self._at += 1
        self._expect(end)

    def _next(self) -> str:
        token = self.peek()
        if token is None:
            raise MathError("it ends too early")
        self._at += 1
        return token

    def _expect(self, wanted: str) -> None:
        token = self._next()
        if token != wanted:
            raise MathError(f"`{wanted}` is wanted, not `{token}`")

"""JSON with places: each value and each key of a text with where it begins.

The standard reader forgets places and keeps the last of two equal keys; this one keeps both. It
is strict (RFC 8259) and knows nothing of policies.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from landrail.diagnostics import Position

Kind = Literal["object", "array", "string", "number", "boolean", "null"]
_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])")
_WORD = re.compile(r"(?:true|false|null)(?!\w)")
_WORDS = {"true": True, "false": False, "null": None}
_DEEPEST = 40
_LONGEST_NUMBER = 400


@dataclass(frozen=True, slots=True)
class Node:
    """A value at a place: `value` of a scalar, `items` of an array, `members` of an object in the
    order of the text, equal keys included."""

    kind: Kind
    at: int
    value: str | int | float | bool | None = None
    items: tuple[Node, ...] = ()
    members: tuple[tuple[Node, Node], ...] = ()

    def get(self, name: str) -> Node | None:
        """Return the member of that name; the last of several, as JSON readers do."""
        found = None
        for key, value in self.members:
            if key.value == name:
                found = value
        return found

    def texts(self) -> Iterator[Node]:
        """Yield the strings of this value: itself, or those of a list."""
        for node in self.items if self.kind == "array" else (self,):
            if node.kind == "string":
                yield node


class BadJson(Exception):
    """A text that is no JSON: what was wrong, and at which character."""

    def __init__(self, summary: str, at: int) -> None:
        super().__init__(summary)
        self.summary = summary
        self.at = at


@dataclass
class Lines:
    """Offsets to lines and columns, both from 1."""

    text: str
    _starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._starts = [0, *(m.end() for m in re.finditer(r"\r\n|\n|\r", self.text))]

    def position(self, at: int) -> Position:
        """Return the place of a character."""
        line = bisect_right(self._starts, at)
        return Position(line, at - self._starts[line - 1] + 1)


def read(text: str) -> Node:
    """Read a JSON text; raises BadJson."""
    at = _skip(text, 0)
    node, at = _value(text, at, 0)
    at = _skip(text, at)
    if at != len(text):
        raise BadJson("there is something after the end of the policy", at)
    return node


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _value(text: str, at: int, depth: int) -> tuple[Node, int]:
    if depth > _DEEPEST:
        raise BadJson("the policy is nested too deeply", at)
    first = text[at : at + 1]
    if first == "{":
        return _object(text, at, depth)
    if first == "[":
        return _array(text, at, depth)
    if first == '"':
        return _string(text, at)
    if found := _NUMBER.match(text, at):
        if len(found[0]) > _LONGEST_NUMBER:
            raise BadJson("the number is too long", at)
        return Node("number", at, json.loads(found[0])), found.end()
    if found := _WORD.match(text, at):
        value = _WORDS[found[0]]
        return Node("null" if value is None else "boolean", at, value), found.end()
    raise BadJson(f"expected a value, found {_shown(text, at)}", at)


def _string(text: str, at: int) -> tuple[Node, int]:
    found = _STRING.match(text, at)
    if found is None:
        raise BadJson("the text does not end, or holds a character that must be escaped", at)
    return Node("string", at, json.loads(found[0])), found.end()


def _array(text: str, start: int, depth: int) -> tuple[Node, int]:
    items: list[Node] = []
    at = _skip(text, start + 1)
    if text.startswith("]", at):
        return Node("array", start), at + 1
    while True:
        node, at = _value(text, at, depth + 1)
        items.append(node)
        at = _skip(text, at)
        if text.startswith("]", at):
            return Node("array", start, items=tuple(items)), at + 1
        at = _comma(text, at, "]")


def _object(text: str, start: int, depth: int) -> tuple[Node, int]:
    members: list[tuple[Node, Node]] = []
    at = _skip(text, start + 1)
    if text.startswith("}", at):
        return Node("object", start), at + 1
    while True:
        if not text.startswith('"', at):
            raise BadJson(f"expected a key in double quotes, found {_shown(text, at)}", at)
        key, at = _string(text, at)
        at = _skip(text, at)
        if not text.startswith(":", at):
            raise BadJson(f"expected `:` after the key `{key.value}`", at)
        value, at = _value(text, _skip(text, at + 1), depth + 1)
        members.append((key, value))
        at = _skip(text, at)
        if text.startswith("}", at):
            return Node("object", start, members=tuple(members)), at + 1
        at = _comma(text, at, "}")


def _comma(text: str, at: int, end: str) -> int:
    if not text.startswith(",", at):
        raise BadJson(f"expected `,` or `{end}`, found {_shown(text, at)}", at)
    after = _skip(text, at + 1)
    if text.startswith(end, after):
        raise BadJson(f"a `,` stands before `{end}`", at)
    return after


def _shown(text: str, at: int) -> str:
    return f"`{text[at]}`" if at < len(text) else "the end of the text"

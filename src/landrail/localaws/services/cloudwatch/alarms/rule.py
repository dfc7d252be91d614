"""The rule of a composite alarm: states of other alarms with AND, OR and NOT.

Source: API reference of PutCompositeAlarm, AlarmRule. `AT_LEAST` is not there, and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from landrail.localaws.services.cloudwatch.errors import invalid, not_here

_TOKEN = re.compile(
    r"\s*(?:(?P<state>ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*"
    r"(?:\"(?P<double>[^\"]+)\"|'(?P<single>[^']+)'|(?P<bare>[^\s()\"']+))\s*\)"
    r"|(?P<word>AND|OR|NOT|(?i:TRUE|FALSE)|AT_LEAST)\b|(?P<sign>[()]))"
)
_MOST = 100
_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class InState:
    """Whether an alarm is in a state."""

    state: str
    alarm: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """TRUE or FALSE."""

    value: bool


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    of: Rule


@dataclass(frozen=True, slots=True)
class Every:
    """All of them."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """One of them at least."""

    parts: tuple[Rule, ...]


Rule = InState | Fixed | Not | Every | Some
Token = tuple[str, str]


def parse(text: str) -> Rule:
    """Read a rule; raises ApiError."""
    reader = _Reader(list(_tokens(text)))
    found = reader.some(0)
    reader.end()
    if len(set(alarms(found))) > _MOST:
        raise invalid(f"AlarmRule names at most {_MOST} alarms.")
    return found


def alarms(rule: Rule) -> Iterator[str]:
    """Yield the alarms that a rule names, by name or ARN, in its order."""
    match rule:
        case InState(_, alarm):
            yield alarm
        case Not(of):
            yield from alarms(of)
        case Every(parts) | Some(parts):
            for part in parts:
                yield from alarms(part)


def holds(rule: Rule, state_of: Callable[[str], str | None]) -> bool:
    """Say whether a rule holds; an alarm that is gone is in no state."""
    match rule:
        case InState(state, alarm):
            return state_of(alarm) == state
        case Fixed(value):
            return value
        case Not(of):
            return not holds(of, state_of)
        case Every(parts):
            return all(holds(part, state_of) for part in parts)
        case Some(parts):
            return any(holds(part, state_of) for part in parts)


def _tokens(text: str) -> Iterator[Token]:
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is not None and match["word"] == "AT_LEAST":
            raise not_here("AT_LEAST in the rule of a composite alarm")
        if match is None:
            raise _wrong(f"it cannot be read from `{text[position:].strip()[:30]}` on")
        if match["state"]:
            yield match["state"], match["double"] or match["single"] or match["bare"]
        else:
            yield (match["word"] or match["sign"]).upper(), ""
        position = match.end()


class _Reader:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def some(self, depth: int) -> Rule:
        return self._joined("OR", lambda: self._every(depth), Some)

    def _every(self, depth: int) -> Rule:
        return self._joined("AND", lambda: self._one(depth), Every)

    def _joined(
        self, word: str, read: Callable[[], Rule], join: Callable[[tuple[Rule, ...]], Rule]
    ) -> Rule:
        parts = [read()]
        while self._peek() == word:
            self._at += 1
            parts.append(read())
        return parts[0] if len(parts) == 1 else join(tuple(parts))

    def _one(self, depth: int) -> Rule:
        if depth > _DEEPEST:
            raise _wrong("it is nested too deeply")
        if self._at >= len(self._tokens):
            raise _wrong("it ends too early")
        word, alarm = self._tokens[self._at]
        self._at += 1
        if word in ("TRUE", "FALSE"):
            return Fixed(word == "TRUE")
        if word == "NOT":
            return Not(self._one(depth + 1))
        if word == "(":
            found = self.some(depth + 1)
            if self._peek() != ")":
                raise _wrong("a parenthesis is not closed")
            self._at += 1
            return found
        if not alarm:
            raise _wrong(f"unexpected `{word}`")
        return InState(word, alarm)

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise _wrong(f"unexpected `{self._tokens[self._at][0]}`")


def _wrong(what: str) -> Exception:
    return invalid(f"AlarmRule is invalid: {what}.")

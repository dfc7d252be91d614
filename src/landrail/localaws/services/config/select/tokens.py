"""The words of a query, one after another, with the place of each mistake."""

from __future__ import annotations

import re
from dataclasses import dataclass

from landrail.localaws.services.config.select.statement import Wrong

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:[^']|'')*')
      | (?P<number>[+-]?\d+(?:\.\d+)?(?![\w.]))
      | (?P<name>(?:[A-Za-z_]|"[^"]*")(?:[\w:\-/]|\.|"[^"]*"|\[\d*\])*)
      | (?P<mark><>|!=|<=|>=|[=<>(),*])
    )""",
    re.VERBOSE,
)
_PART = re.compile(r"\"([^\"]*)\"|\[(\d*)\]|([\w:\-/]+)")


@dataclass(frozen=True, slots=True)
class Token:
    """A word: its kind, its text, and where it begins."""

    kind: str
    text: str
    at: int


class Tokens:
    """A reading position in a query."""

    def __init__(self, expression: str) -> None:
        """Read all words; raises Wrong."""
        self._expression = expression
        self._tokens = list(self._read())
        self._next = 0

    def _read(self) -> list[Token]:
        found, at = [], 0
        text = self._expression.rstrip().removesuffix(";").rstrip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                begin = at + len(text[at:]) - len(text[at:].lstrip())
                raise self.wrong(f"unexpected {text[begin]!r}", begin)
            kind = match.lastgroup or ""
            found.append(Token(kind, match[kind], match.start(kind)))
            at = match.end()
        return [*found, Token("end", "the end", len(text))]

    @property
    def token(self) -> Token:
        """The next word."""
        return self._tokens[self._next]

    def word(self, word: str) -> bool:
        """Take a word of the language, in any case."""
        if self.token.kind == "name" and self.token.text.upper() == word:
            self._next += 1
            return True
        return False

    def mark(self, mark: str) -> bool:
        """Take a mark."""
        if self.token.kind == "mark" and self.token.text == mark:
            self._next += 1
            return True
        return False

    def take(self, kind: str, what: str) -> str:
        """Take a word of a kind that must follow; raises Wrong."""
        token = self.token
        if token.kind != kind:
            raise self.expected(what)
        self._next += 1
        return token.text

    def need(self, what: str) -> None:
        """Take a word or mark that must follow; raises Wrong."""
        if not (self.word(what) or self.mark(what)):
            raise self.expected(what)

    def expected(self, what: str) -> Wrong:
        """Return the mistake of something else where `what` belongs."""
        return self.wrong(f"{what} expected, not {self.token.text}", self.token.at)

    def wrong(self, message: str, at: int) -> Wrong:
        """Return a mistake at a place."""
        before = self._expression[:at]
        line = before.count("\n") + 1
        return Wrong(f"line {line}, column {at - before.rfind(chr(10))}: {message}")


def path_of(name: str) -> tuple[str, ...]:
    """Return the parts of a property's name; `[0]` says nothing, as every element counts."""
    return tuple(
        found[1] if found[1] is not None else found[3]
        for found in _PART.finditer(name)
        if found[2] is None
    )

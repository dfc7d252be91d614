"""The text of a policy, word by word, with the place of each mistake."""

from __future__ import annotations

import re

_SPACE = re.compile(r"(?:\s+|#[^\n]*)*")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'", re.DOTALL)
_WORD = re.compile(r"\S+")


class Mistake(Exception):
    """What cannot be read, and where."""

    def __init__(self, what: str, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {what}")
        self.line, self.column = line, column


class Words:
    """A reading position in a text."""

    def __init__(self, text: str) -> None:
        """Stand at the beginning."""
        self.text = text
        self.at = 0

    def skip(self) -> None:
        """Go over spaces and comments."""
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    @property
    def ended(self) -> bool:
        """Whether nothing follows."""
        self.skip()
        return self.at >= len(self.text)

    def sees(self, pattern: str) -> bool:
        """Whether a regular expression matches what follows."""
        self.skip()
        return re.compile(pattern).match(self.text, self.at) is not None

    def take(self, pattern: str | re.Pattern[str], close: bool = False) -> str | None:
        """Take what a regular expression matches, None where it does not; `close` only without
        spaces before."""
        if not close:
            self.skip()
        found = re.compile(pattern).match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        return found[0]

    def word(self, *words: str) -> bool:
        """Take one of some whole words, in lower or upper case."""
        either = "|".join(f"{word}|{word.upper()}" for word in words)
        return self.take(rf"(?:{either})(?![A-Za-z0-9_])") is not None

    def need(self, mark: str, what: str) -> None:
        """Take a mark that must follow; raises Mistake."""
        if self.take(re.escape(mark)) is None:
            raise self.mistake(f"{what} expected, not {self.next}")

    def name(self, what: str) -> str:
        """Take a name that must follow; raises Mistake."""
        found = self.take(NAME)
        if found is None:
            raise self.mistake(f"{what} expected, not {self.next}")
        return found

    def quoted(self) -> str | None:
        """Take a text in quotes, None where none follows."""
        self.skip()
        found = _QUOTED.match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        return re.sub(r"\\([\"'\\])", r"\1", found[1] if found[1] is not None else found[2])

    @property
    def next(self) -> str:
        """The next word, for messages."""
        self.skip()
        found = _WORD.match(self.text, self.at)
        return f"{found[0][:40]!r}" if found else "the end"

    def mistake(self, what: str, at: int | None = None) -> Mistake:
        """Return a mistake at a position, by default here."""
        self.skip()
        before = self.text[: self.at if at is None else at]
        return Mistake(what, before.count("\n") + 1, len(before) - before.rfind("\n"))

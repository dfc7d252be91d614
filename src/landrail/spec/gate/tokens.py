"""The words of a gate and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

LONGEST = 1000
_WORDS = re.compile(
    r"\s*(?:(?P<compare>>=|<=|==|>|<)"
    r"|(?P<sign>[-+*/()])"
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?%?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?))"
)
_MEANT = {
    **{"=": "==", "=>": ">=", "=<": "<=", "≥": ">=", "≤": "<="},
    **{"&&": "and", "&": "and", "||": "or", "|": "or"},
}


class GateError(ValueError):
    """A gate that cannot be read, or a metric that it names and nobody measured. `column` counts
    from 1 and is None where no place is meant."""

    def __init__(self, message: str, column: int | None = None) -> None:
        super().__init__(message if column is None else f"{message} (at column {column})")
        self.column = column


class Kind(Enum):
    """What a word is; `END` stands after the last."""

    COMPARE = "compare"
    SIGN = "sign"
    NUMBER = "number"
    NAME = "name"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A word; `column` counts from 1."""

    kind: Kind
    text: str
    column: int

    def __str__(self) -> str:
        return "the end" if self.kind is Kind.END else f"`{self.text}`"


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of a gate and an end; raises GateError at what is none."""
    if len(text) > LONGEST:
        raise GateError(f"a gate has at most {LONGEST} characters; this has {len(text)}")
    stripped, at = text.rstrip(), 0
    while at < len(stripped):
        found = _WORDS.match(stripped, at)
        if found is None or found.lastgroup is None:
            raise _unknown(stripped, at)
        kind = Kind(found.lastgroup)
        yield Token(kind, found[kind.value], found.start(kind.value) + 1)
        at = found.end()
    yield Token(Kind.END, "", len(stripped) + 1)


def _unknown(text: str, at: int) -> GateError:
    rest = text[at:].lstrip()
    column = len(text) - len(rest) + 1
    meant = next((to for said, to in _LONGEST_FIRST if rest.startswith(said)), None)
    advice = f"; did you mean `{meant}`?" if meant else ""
    return GateError(f"cannot read `{rest.split()[0]}`{advice}", column)


_LONGEST_FIRST = sorted(_MEANT.items(), key=lambda item: -len(item[0]))

"""Wildcard text: `*` for any run of characters, `?` for exactly one, and policy variables.

A pattern is cut at its stars into chunks when it is compiled; matching then is `startswith`,
`endswith` and `find`, which for policies is several times faster than regular expressions. Values
put in for variables are literal: a star in a tag is not a wildcard.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_TOKEN = re.compile(r"\$\{([^}]*)\}")
_DEFAULT = re.compile(r"\s*([^,]*[^,\s])\s*,\s*'([^']*)'\s*\Z")
_SPECIAL = {"*", "?", "$"}

Lookup = Callable[[str], str | None]
"""Gives the value of a single-valued condition key (name in lower case), or None."""


@dataclass(frozen=True, slots=True)
class Variable:
    """`${key}` or `${key, 'default'}`; `key` in lower case."""

    key: str
    default: str | None = None


class _One:
    """The type of ONE: a wildcard for exactly one character."""


ONE = _One()
Atom = str | Variable | _One
Chunks = tuple[tuple[Atom, ...], ...]


def split(text: str, *, wildcards: bool, variables: bool) -> Chunks:
    """Cut `text` at its stars; inside a chunk stand literal text, variables and one-character
    wildcards. Without `wildcards` there is one chunk; without `variables`, `${` is literal."""
    chunks: list[list[Atom]] = [[]]
    position = 0
    for found in _TOKEN.finditer(text) if variables else ():
        _literal(chunks, text[position : found.start()], wildcards)
        _add_variable(chunks, found.group(1))
        position = found.end()
    _literal(chunks, text[position:], wildcards)
    return tuple(tuple(_joined(chunk)) for chunk in chunks)


def _literal(chunks: list[list[Atom]], text: str, wildcards: bool) -> None:
    if not wildcards:
        if text:
            chunks[-1].append(text)
        return
    for piece in re.split(r"([*?])", text):
        if piece == "*":
            chunks.append([])
        elif piece == "?":
            chunks[-1].append(ONE)
        elif piece:
            chunks[-1].append(piece)


def _add_variable(chunks: list[list[Atom]], inside: str) -> None:
    if inside in _SPECIAL:
        chunks[-1].append(inside)
        return
    default = _DEFAULT.match(inside)
    if default:
        chunks[-1].append(Variable(default.group(1).lower(), default.group(2)))
    else:
        chunks[-1].append(Variable(inside.strip().lower()))


def _joined(chunk: list[Atom]) -> list[Atom]:
    joined: list[Atom] = []
    for atom in chunk:
        if isinstance(atom, str) and joined and isinstance(joined[-1], str):
            joined[-1] += atom
        else:
            joined.append(atom)
    return joined


def resolve(chunks: Chunks, lookup: Lookup) -> Chunks | None:
    """Put in the values of variables; None where one has neither value nor default."""
    resolved: list[tuple[Atom, ...]] = []
    for chunk in chunks:
        atoms: list[Atom] = []
        for atom in chunk:
            if isinstance(atom, Variable):
                value = lookup(atom.key)
                if value is None:
                    value = atom.default
                if value is None:
                    return None
                atoms.append(value)
            else:
                atoms.append(atom)
        resolved.append(tuple(_joined(atoms)))
    return tuple(resolved)


def cut(chunks: Chunks, mark: str, most: int) -> list[Chunks]:
    """Cut chunks at each `mark` in their text, into no more than `most` pieces: the last one keeps
    its marks."""
    pieces: list[list[list[Atom]]] = [[[]]]
    for number, chunk in enumerate(chunks):
        if number:
            pieces[-1].append([])
        for atom in chunk:
            texts = atom.split(mark, most - len(pieces)) if isinstance(atom, str) else [atom]
            pieces[-1][-1].append(texts[0])
            pieces.extend([[text]] for text in texts[1:])
    return [tuple(tuple(atom for atom in c if atom != "") for c in piece) for piece in pieces]


def has_variables(chunks: Chunks) -> bool:
    """Whether a value must be put in before matching."""
    return any(isinstance(atom, Variable) for chunk in chunks for atom in chunk)


def matcher(chunks: Chunks, *, across: bool = True) -> Callable[[str], bool]:
    """Return a test for text, from chunks without variables. `across` False: a star that is not
    the last character of a colon-separated segment does not run past a colon, and a `?` is none."""
    if not across and not _only_trailing_stars(chunks):
        return _within(chunks)
    if any(isinstance(atom, _One) for chunk in chunks for atom in chunk):
        return _expression(chunks, _ANY if across else _NO_COLON)
    return _by_text(tuple("".join(a for a in c if isinstance(a, str)) for c in chunks))


def _only_trailing_stars(chunks: Chunks) -> bool:
    """Whether each star stands before a colon or at the end of the pattern."""
    for chunk in chunks[1:-1]:
        if not (chunk and isinstance(chunk[0], str) and chunk[0].startswith(":")):
            return False
    if len(chunks) == 1:
        return True
    last = chunks[-1]
    return not last or (isinstance(last[0], str) and last[0].startswith(":"))


_ANY, _NO_COLON = ".", "[^:]"


def _expression(chunks: Chunks, one: str) -> Callable[[str], bool]:
    """Each chunk between stars is taken where it first fits and never tried elsewhere (an atomic
    group), which is enough for wildcards and keeps the time from growing with their number."""
    pieces = [_pattern(chunks[0], one)]
    pieces += [f"(?>.*?{_pattern(chunk, one)})" for chunk in chunks[1:-1]]
    if len(chunks) > 1:
        pieces.append(f".*{_pattern(chunks[-1], one)}")
    compiled = re.compile("".join(pieces), re.DOTALL).fullmatch
    return lambda text: compiled(text) is not None


def _pattern(chunk: tuple[Atom, ...], one: str) -> str:
    return "".join(re.escape(a) if isinstance(a, str) else one for a in chunk)


def _within(chunks: Chunks) -> Callable[[str], bool]:
    """Wildcards that stop at a colon, save stars that end a segment. Goes through the chunks with
    every place that one may begin at, so that no choice is ever taken back."""
    made = [re.compile(_pattern(chunk, _NO_COLON)).match for chunk in chunks]
    pieces = [(fits, len(_characters(chunk))) for fits, chunk in zip(made, chunks, strict=True)]
    crosses = [_crosses(chunk, last=i == len(chunks) - 1) for i, chunk in enumerate(chunks)]

    def test(text: str) -> bool:
        fits, length = pieces[0]
        if fits(text) is None:
            return False
        places = {length}
        for (fits, length), across in zip(pieces[1:], crosses[1:], strict=True):
            starts = _reached(text, places, across)
            places = {at + length for at in starts if fits(text, at)}
        return len(text) in places

    return test


def _characters(chunk: tuple[Atom, ...]) -> str:
    return "".join(a if isinstance(a, str) else "?" for a in chunk)


def _crosses(chunk: tuple[Atom, ...], *, last: bool) -> bool:
    """Whether the star before a chunk ends its segment and so may run past a colon."""
    if not chunk:
        return last
    return isinstance(chunk[0], str) and chunk[0].startswith(":")


def _reached(text: str, places: set[int], across: bool) -> list[int]:
    """Where a star that begins at one of `places` may end."""
    reached, running = [], False
    for at in range(len(text) + 1):
        running = running or at in places
        if running:
            reached.append(at)
        if not across and at < len(text) and text[at] == ":":
            running = False
    return reached


def _by_text(texts: tuple[str, ...]) -> Callable[[str], bool]:
    if len(texts) == 1:
        only = texts[0]
        return lambda text: text == only
    first, last = texts[0], texts[-1]
    middle = tuple(t for t in texts[1:-1] if t)
    if not middle:
        return _ends(first, last)
    least = len(first) + len(last)

    def test(text: str) -> bool:
        if len(text) < least or not text.startswith(first) or not text.endswith(last):
            return False
        position, end = len(first), len(text) - len(last)
        for piece in middle:
            found = text.find(piece, position, end)
            if found < 0:
                return False
            position = found + len(piece)
        return True

    return test


def _ends(first: str, last: str) -> Callable[[str], bool]:
    if not first and not last:
        return lambda _text: True
    if not last:
        return lambda text: text.startswith(first)
    least = len(first) + len(last)
    return lambda text: len(text) >= least and text.startswith(first) and text.endswith(last)

"""Queries and the conditions about them, as they stand in the text."""

from __future__ import annotations

import re
from collections.abc import Callable

from landrail.localaws.services.config.guard.literals import NONE, literal
from landrail.localaws.services.config.guard.syntax import (
    Block,
    Body,
    Clause,
    Conditions,
    Every,
    Filter,
    Index,
    Key,
    Keys,
    Literal,
    Named,
    Part,
    Query,
    Question,
    This,
    Value,
    Variable,
)
from landrail.localaws.services.config.guard.words import NAME, Words

UNARY = (
    *("exists", "empty", "is_string", "is_list", "is_struct", "is_bool", "is_int", "is_float"),
    "is_null",
)
_BINARY = {"==": "==", "!=": "!=", ">=": ">=", "<=": "<=", ">": ">", "<": "<"}
_TYPE = re.compile(r"[A-Za-z0-9]+::[A-Za-z0-9:]+")
_FUNCTION = re.compile(r"(?!r\()[a-z_]+\(")
BodyReader = Callable[[Words], Body]
Let = Callable[[Words, dict[str, Value]], None]


def conditions(
    words: Words,
    body: BodyReader,
    end: str,
    variables: dict[str, Value] | None = None,
    let: Let | None = None,
) -> Conditions:
    """Read conditions up to a mark, and the variables between them; raises Mistake."""
    found: list[tuple[Question, ...]] = []
    while not words.sees(re.escape(end)):
        if words.ended:
            raise words.mistake(f"{end!r} expected, not the end")
        if let is not None and variables is not None and words.word("let"):
            let(words, variables)
            continue
        # Between `when` and its block there are no blocks, so what follows a name begins that.
        plain = end == "{"
        either = [_question(words, body, plain)]
        while words.word("or") or words.take(r"\|(OR|or)\|"):
            either.append(_question(words, body, plain))
        found.append(tuple(either))
    return tuple(found)


def _question(words: Words, body: BodyReader, plain: bool) -> Question:
    if not plain and words.word("when"):
        when = conditions(words, body, "{")
        words.need("{", "the block of a `when`")
        return Block(None, when, body(words))
    kind = words.take(_TYPE)
    if kind is not None:
        raise words.mistake(
            f"a block for a type ({kind}) is for templates: ask for resourceType instead"
        )
    if words.sees(_FUNCTION.pattern):
        raise words.mistake(f"functions are not supported: {words.next}")
    words.skip()
    begin = words.at
    negated = _not(words)
    found = query(words, body)
    if not plain and not negated and words.sees(r"\{"):
        words.need("{", "a block")
        return Block(found, None, body(words))
    return _clause(words, body, found, negated, begin)


def _not(words: Words) -> bool:
    return words.word("not") or words.take(r"!(?!=)") is not None


def _clause(
    words: Words, body: BodyReader, found: Query, negated: bool, begin: int
) -> Clause | Named:
    operator, reversed_ = _operator(words)
    if operator is None:
        only = found.parts[0]
        named = len(found.parts) == 1 and isinstance(only, Key) and not found.some
        if not named or words.sees("=") or not isinstance(only, Key):
            raise words.mistake(f"an operator expected after {found.text}, not {words.next}")
        text = words.text[begin : words.at].strip()
        return Named(only.name, negated, _message(words), text)
    given = None if operator in UNARY else value(words, body)
    text = " ".join(words.text[begin : words.at].split())
    return Clause(found, operator, negated != reversed_, given, _message(words), text)


def _operator(words: Words) -> tuple[str | None, bool]:
    at = words.at
    reversed_ = _not(words)
    for word in (*UNARY, "in"):
        if words.word(word):
            return word, reversed_
    for mark, name in _BINARY.items():
        if words.take(re.escape(mark)) is not None:
            return ("==", not reversed_) if name == "!=" else (name, reversed_)
    # A `not` that belongs to the next clause.
    words.at = at
    return None, False


def value(words: Words, body: BodyReader) -> Value:
    """Read a literal or a query; raises Mistake."""
    if words.sees(_FUNCTION.pattern):
        raise words.mistake(f"functions are not supported: {words.next}")
    given = literal(words)
    return Literal(given) if given is not NONE else query(words, body)


def _message(words: Words) -> str | None:
    if words.take("<<") is None:
        return None
    end = words.text.find(">>", words.at)
    if end < 0:
        raise words.mistake("a message that does not end")
    text = words.text[words.at : end]
    words.at = end + 2
    return " ".join(text.split())


def query(words: Words, body: BodyReader) -> Query:
    """Read a query; raises Mistake."""
    some = words.word("some")
    words.skip()
    begin = words.at
    parts: list[Part] = [_first(words)]
    while True:
        if words.take(r"\.", close=True):
            parts.append(_member(words))
        elif words.take(r"\[", close=True):
            parts.append(_bracket(words, body))
        else:
            break
    return Query(tuple(parts), words.text[begin : words.at], some)


def _first(words: Words) -> Part:
    if words.take(r"this(?![A-Za-z0-9_])") is not None:
        return This()
    return _member(words)


def _member(words: Words) -> Part:
    if words.take("%") is not None:
        return Variable(words.name("the name of a variable"))
    if words.take(r"\*") is not None:
        return Every(elements=False)
    number = words.take(r"\d+(?![A-Za-z_])")
    if number is not None:
        return Index(int(number))
    quoted = words.quoted()
    if quoted is not None:
        return Key(quoted)
    found = words.take(NAME)
    if found is None:
        raise words.mistake(f"a query expected, not {words.next}")
    return Key(found)


def _bracket(words: Words, body: BodyReader) -> Part:
    if words.take(r"\*\s*\]") is not None:
        return Every(elements=True)
    number = words.take(r"-?\d+\s*\]")
    if number is not None:
        return Index(int(number.rstrip("] \n\t")))
    quoted = words.take(r"(\"[^\"]*\"|'[^']*')\s*\]")
    if quoted is not None:
        return Key(quoted.rstrip("] \n\t")[1:-1])
    if words.sees(r"[A-Za-z_][A-Za-z0-9_]*\s*(\||\])"):
        raise words.mistake("captures in filters are not supported")
    if words.word("keys"):
        operator, negated = _operator(words)
        if operator not in ("==", "in"):
            raise words.mistake("`keys` is compared by `==`, `!=`, `in` or `not in`")
        found = Keys(operator, negated, value(words, body))
        words.need("]", "the end of a filter")
        return found
    filtered = conditions(words, body, "]")
    words.need("]", "the end of a filter")
    if not filtered:
        raise words.mistake("an empty filter")
    return Filter(filtered)

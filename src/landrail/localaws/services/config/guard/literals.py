"""Values that stand in the text of a policy: texts, numbers, patterns, ranges, lists, objects."""

from __future__ import annotations

import re
from typing import Any

from landrail.localaws.services.config.guard.syntax import Pattern, Range
from landrail.localaws.services.config.guard.words import Words

NONE = object()
"""There is no literal here."""
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_PATTERN = re.compile(r"/((?:[^/\\\n]|\\.)*)/")
_RANGE = re.compile(r"r(?=[(\[])")
_WORDS = {"true": True, "false": False, "null": None}


def literal(words: Words) -> Any:
    """Take a literal, or return NONE where none follows; raises Mistake."""
    text = words.quoted()
    if text is not None:
        return text
    for word, value in _WORDS.items():
        if words.take(rf"(?i:{word})(?![A-Za-z0-9_.])") is not None:
            return value
    if words.sees(r"/"):
        return _pattern(words)
    if words.take(_RANGE) is not None:
        return _range(words)
    number = words.take(_NUMBER)
    if number is not None:
        return float(number) if re.search(r"[.eE]", number) else int(number)
    if words.take(r"\[") is not None:
        return _list(words)
    if words.take(r"\{") is not None:
        return _object(words)
    return NONE


def _must(words: Words) -> Any:
    value = literal(words)
    if value is NONE:
        raise words.mistake(f"a value expected, not {words.next}")
    return value


def _pattern(words: Words) -> Pattern:
    words.skip()
    at = words.at
    text = words.take(_PATTERN)
    if text is None:
        raise words.mistake("a regular expression that does not end", at)
    inner = text[1:-1].replace("\\/", "/")
    # Where Python wants flags of the whole expression first, Guard takes them there too.
    try:
        return Pattern(re.compile(inner))
    except re.error as error:
        raise words.mistake(f"not a regular expression: {error}", at) from error


def _range(words: Words) -> Range:
    low_is_in = words.take(r"[(\[]") == "["
    low = _must(words)
    words.need(",", "a comma")
    high = _must(words)
    end = words.take(r"[)\]]")
    if end is None:
        raise words.mistake(f"the end of a range expected, not {words.next}")
    return Range(low, high, low_is_in, end == "]")


def _list(words: Words) -> list[Any]:
    values: list[Any] = []
    while words.take(r"\]") is None:
        values.append(_must(words))
        if words.take(",") is None:
            words.need("]", "the end of a list")
            return values
    return values


def _object(words: Words) -> dict[str, Any]:
    values: dict[str, Any] = {}
    while words.take(r"\}") is None:
        name = words.quoted()
        key = name if name is not None else words.name("a name")
        words.need(":", "a colon")
        values[key] = _must(words)
        if words.take(",") is None:
            words.need("}", "the end of an object")
            return values
    return values

"""ARN patterns against ARN formats: whether any ARN fits both.

`*` and `?` of a pattern, variables of a policy and placeholders of a format are all wildcards.
"""

from __future__ import annotations

import re
from functools import lru_cache

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_FIELDS = 6
_ANY, _ONE, _NO_SLASH = "\x00", "\x01", "\x02"
_LITERAL = {"*": "\ue000", "?": "\ue001", "$": "$"}


def fields(arn: str) -> list[str]:
    """Cut an ARN at its first five colons, those inside `${...}` not counted."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\x03{len(kept) - 1}\x03"

    parts = _VARIABLE.sub(keep, arn).split(":", _FIELDS - 1)
    return [re.sub(r"\x03(\d+)\x03", lambda m: kept[int(m[1])], part) for part in parts]


def completed(arn: str) -> str:
    """Return a pattern with the fields that are missing as wildcards, as AWS reads it."""
    missing = _FIELDS - len(fields(arn))
    return arn + ":*" * missing if missing > 0 else arn


@lru_cache(maxsize=65_536)
def fits_format(pattern: str, published: str) -> bool:
    """Whether some ARN of the published format (`arn:${Partition}:s3:::${BucketName}`) matches a
    policy's pattern."""
    if pattern == "*":
        return True
    if ", " in published:
        return any(fits_format(pattern, one) for one in published.split(", "))
    cut = fields(pattern)
    if len(cut) < _FIELDS:
        # A star at the end of a field may run past the colon, so the text is taken as a whole.
        return _meet(_of_pattern(completed(pattern)), _of_format(published))
    pairs = zip(cut, fields(published), strict=False)
    return all(_meet(_of_pattern(one), _of_format(other)) for one, other in pairs)


@lru_cache(maxsize=16_384)
def overlap(one: str, other: str) -> bool:
    """Whether some text matches both patterns."""
    return _meet(_of_pattern(one), _of_pattern(other))


def _of_pattern(pattern: str) -> str:
    text = _VARIABLE.sub(lambda m: _LITERAL.get(m[1], _ANY), pattern)
    return _folded(text.replace("*", _ANY).replace("?", _ONE))


@lru_cache(maxsize=8192)
def _of_format(published: str) -> str:
    """Placeholders of a format; a bucket's name has no slash, else a bucket would be an object."""
    return _folded(
        _VARIABLE.sub(lambda m: _NO_SLASH if m[1] == "BucketName" else _ANY, published).replace(
            "*", _ANY
        )
    )


def _folded(text: str) -> str:
    return re.sub(f"{_ANY}+", _ANY, text)


def _meet(one: str, other: str) -> bool:
    """Whether two patterns have a text in common: which prefixes of the one go with each prefix
    of the other."""
    row = _stars(one, 0)
    for letter in other:
        row = _next(one, row, letter)
        if not row:
            return False
    return len(one) in row


def _next(one: str, row: frozenset[int], letter: str) -> frozenset[int]:
    if letter in (_ANY, _NO_SLASH):
        reached: set[int] = set()
        for start in row:
            at = start
            reached.add(at)
            while at < len(one) and not (letter == _NO_SLASH and one[at] == "/"):
                at += 1
                reached.add(at)
        return frozenset(reached)
    reached = set()
    for at in row:
        if at < len(one):
            if one[at] in (_ANY, _NO_SLASH):
                if not (one[at] == _NO_SLASH and letter == "/"):
                    reached.add(at)
            elif one[at] == letter or _ONE in (one[at], letter):
                reached.add(at + 1)
    return frozenset(r for at in reached for r in _stars(one, at))


def _stars(one: str, at: int) -> frozenset[int]:
    """The places that stand before `at` and behind the stars that follow it, which may be empty."""
    places = {at}
    while at < len(one) and one[at] in (_ANY, _NO_SLASH):
        at += 1
        places.add(at)
    return frozenset(places)

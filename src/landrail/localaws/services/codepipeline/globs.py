r"""Patterns of triggers: `*` and `?` within a name, `**` across folders, `[...]`, `{a,b}`, `\`.

A filter includes what one of its `includes` matches, or everything without any; one of its
`excludes` takes it out again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache


class GlobError(Exception):
    """What is wrong with a pattern."""


@lru_cache(maxsize=512)
def translate(pattern: str) -> re.Pattern[str]:
    """Return the regular expression of a pattern; raises GlobError."""
    return re.compile("".join(_parts(pattern)) + r"\Z", re.DOTALL)


def matches(pattern: str, name: str) -> bool:
    """Say whether a name is one of a pattern's."""
    return translate(pattern).match(name) is not None


def passes(criteria: Mapping[str, Sequence[str]] | None, names: Sequence[str]) -> bool:
    """Say whether one of the names passes includes and excludes; no criteria let all pass."""
    if not criteria:
        return True
    includes, excludes = criteria.get("includes") or (), criteria.get("excludes") or ()
    return any(
        (not includes or any(matches(one, name) for one in includes))
        and not any(matches(one, name) for one in excludes)
        for name in names
    )


def _parts(pattern: str) -> Iterator[str]:
    at, depth = 0, 0
    while at < len(pattern):
        mark = pattern[at]
        at += 1
        if mark == "\\":
            if at == len(pattern):
                raise GlobError("a backslash ends it")
            yield re.escape(pattern[at])
            at += 1
        elif mark == "*":
            crossing = pattern.startswith("*", at)
            at += crossing
            yield ".*" if crossing else "[^/]*"
        elif mark == "?":
            yield "[^/]"
        elif mark == "[":
            end = pattern.find("]", at + 1)
            if end < 0:
                raise GlobError("`[` without `]`")
            yield _set(pattern[at:end])
            at = end + 1
        elif mark == "{":
            if depth:
                raise GlobError("groups do not nest")
            depth += 1
            yield "(?:"
        elif mark == "}" and depth:
            depth -= 1
            yield ")"
        elif mark == "," and depth:
            yield "|"
        else:
            yield re.escape(mark)
    if depth:
        raise GlobError("`{` without `}`")


def _set(body: str) -> str:
    negated = body[:1] in ("!", "^")
    inner = body[1:] if negated else body
    quoted = re.sub(r"([\\\[\]&~|^])", r"\\\1", inner)
    try:
        re.compile(f"[{quoted}]")
    except re.error as error:
        raise GlobError(f"`[{body}]`: {error}") from error
    return f"(?!/)[{'^' if negated else ''}{quoted}]"

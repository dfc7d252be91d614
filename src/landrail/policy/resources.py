"""Resource elements made ready: which ARNs a statement is about.

Wildcards stay inside their colon-separated segment unless they end it. A Deny takes the wide
reading (any wildcard may run past a colon, a wildcard in the service counts), an Allow the
narrow one, because AWS leaves the difference undocumented; in NotResource the two change places.
"""

from __future__ import annotations

from collections.abc import Callable

from landrail.policy.document import Document, Statement
from landrail.policy.facts import Facts
from landrail.policy.glob import Chunks, has_variables, matcher, resolve, split

Fits = Callable[[Facts], bool | None]
"""Whether a pattern fits; None where a variable in it has no value."""

_PARTS = 6
_COMPLETED = ("any", "identity", "boundary", "scp")
_FIXED = (0, 2)
"""`arn` and the service: wildcards in the partition are AWS's own practice (managed policies)."""


def compile_resources(statement: Statement, document: Document) -> Callable[[Facts], bool] | None:
    """Return the test for a statement's resources; None: it is about every resource."""
    patterns = statement.resources
    if patterns is None:
        return None
    deny = statement.effect == "Deny"
    if "*" in patterns:
        return _never if statement.not_resource else None
    wide = deny != statement.not_resource
    exact = frozenset(p for p in patterns if _is_exact(p, document))
    fits = [_pattern(p, document, wide) for p in patterns if not _is_exact(p, document)]
    if statement.not_resource:
        return _complement(exact, fits, deny)
    return _member(exact, fits)


def _never(_facts: Facts) -> bool:
    return False


def _is_exact(pattern: str, document: Document) -> bool:
    wild = "*" in pattern or "?" in pattern or (document.variables and "${" in pattern)
    return not wild and pattern.count(":") >= _PARTS - 1


def _member(exact: frozenset[str], fits: list[Fits]) -> Callable[[Facts], bool]:
    if not fits:
        return lambda facts: facts.resource in exact
    if len(fits) == 1 and not exact:
        only = fits[0]
        return lambda facts: bool(only(facts))

    def test(facts: Facts) -> bool:
        if facts.resource in exact:
            return True
        return any(fit(facts) for fit in fits)

    return test


def _complement(exact: frozenset[str], fits: list[Fits], deny: bool) -> Callable[[Facts], bool]:
    def test(facts: Facts) -> bool:
        if facts.resource in exact:
            return False
        unresolved = False
        for fit in fits:
            fitted = fit(facts)
            if fitted:
                return False
            unresolved = unresolved or fitted is None
        return deny if unresolved else True

    return test


def _pattern(pattern: str, document: Document, wide: bool) -> Fits:
    parts = pattern.split(":", _PARTS - 1)
    if len(parts) < _PARTS:
        if not wide and document.kind not in _COMPLETED:
            return _never
        parts += ["*"] * (_PARTS - len(parts))
    if wide:
        return _wide(split(":".join(parts), wildcards=True, variables=document.variables))
    last = split(parts[-1], wildcards=True, variables=document.variables)
    if any("*" in parts[i] or "?" in parts[i] for i in _FIXED):
        return _never
    return _narrow(parts[:-1], last)


def _wide(chunks: Chunks) -> Fits:
    """The whole ARN as one pattern; variables count before the fifth colon too."""
    if not has_variables(chunks):
        fits = matcher(chunks)
        return lambda facts: fits(facts.resource)

    def late(facts: Facts) -> bool | None:
        resolved = resolve(chunks, facts.single)
        return None if resolved is None else matcher(resolved)(facts.resource)

    return late


def _narrow(head: list[str], last: Chunks) -> Fits:
    head_fits = _head(head)
    if not has_variables(last):
        fits = _last(last)
        return lambda facts: (
            len(facts.parts) == _PARTS and head_fits(facts.parts) and fits(facts.parts[-1])
        )

    def late(facts: Facts) -> bool | None:
        if len(facts.parts) != _PARTS or not head_fits(facts.parts):
            return False
        resolved = resolve(last, facts.single)
        return None if resolved is None else _last(resolved)(facts.parts[-1])

    return late


def _last(chunks: Chunks) -> Callable[[str], bool]:
    """A star inside a segment stops at a colon; most resources have none there, so the exact
    reading is asked only where it could differ."""
    loose, strict = matcher(chunks), matcher(chunks, across=False)
    return lambda text: loose(text) and (":" not in text or strict(text))


def _head(head: list[str]) -> Callable[[list[str]], bool]:
    if not any("*" in p or "?" in p for p in head):
        return lambda parts: parts[: _PARTS - 1] == head
    tests = [
        (index, matcher(split(text, wildcards=True, variables=False)))
        for index, text in enumerate(head)
        if text != "*"
    ]
    return lambda parts: all(fits(parts[index]) for index, fits in tests)

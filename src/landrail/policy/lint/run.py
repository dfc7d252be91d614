"""Running the checks over a text."""

from __future__ import annotations

from collections.abc import Iterable

from landrail.policy.document import DocumentKind
from landrail.policy.lint.finding import Finding, Lint
from landrail.policy.lint.jsontext import BadJson, Lines, Node, read
from landrail.policy.lint.subject import Subject
from landrail.policy.lint.table import CHECKS, ERRORS

_FALLBACK = "not-understood"


def lint(
    text: str, kind: DocumentKind = "any", *, size_limit: int | None = None
) -> tuple[Finding, ...]:
    """Return all findings of a policy's text, in the order of the text; `size_limit` where the
    place it is for is known better than by its kind."""
    return _run(text, kind, size_limit, CHECKS)


def errors(
    text: str, kind: DocumentKind = "any", *, size_limit: int | None = None
) -> tuple[Finding, ...]:
    """Return what keeps AWS from storing the policy."""
    return _run(text, kind, size_limit, ERRORS)


def _run(
    text: str, kind: DocumentKind, size_limit: int | None, checks: Iterable[Lint]
) -> tuple[Finding, ...]:
    lines = Lines(text)
    subject = Subject(text, kind, _root(text), size_limit)
    found: list[Finding] = []
    for check in checks:
        if check.id == _FALLBACK and any(f.lint.level is check.level for f in found):
            continue
        for one in check.check(subject):
            found.append(Finding(check, lines.position(one.offset), one.summary, one.remedy))
    return tuple(sorted(found, key=lambda f: (f.position, f.lint.level.rank)))


def _root(text: str) -> Node | None:
    try:
        return read(text)
    except BadJson:
        return None


def guess_kind(text: str) -> DocumentKind:
    """Return the kind of a policy as far as its text shows it: `trust` where it is about assuming
    roles, `resource` where it names principals, else `identity`; `any` for what is no policy."""
    root = _root(text)
    if root is None or root.kind != "object":
        return "any"
    parts = Subject(text, "any", root).parts
    if not parts:
        return "any"
    named = [part for part in parts if part.element("Principal") is not None]
    if not named:
        return "identity"
    actions = [action.lower() for part in parts for action, _ in part.actions]
    resources = any(part.element("Resource") is not None for part in parts)
    if actions and not resources and all(action.startswith("sts:") for action in actions):
        return "trust"
    return "resource"

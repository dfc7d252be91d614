"""Checks of actions against what AWS publishes: unknown, matching nothing, said twice."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from landrail.diagnostics import nearest
from landrail.policy.glob import matcher, split
from landrail.policy.lint.finding import Found
from landrail.policy.lint.grammar import everything
from landrail.policy.lint.jsontext import Node
from landrail.policy.lint.subject import Part, Subject
from landrail.policy.reference.services import action_names, matching, prefixes

_WILD = ("*", "?")


def named(subject: Subject) -> Iterator[tuple[Part, str, str, Node]]:
    """Yield every action that names a service, with its prefix in lower case and its name."""
    for part in subject.parts:
        for action, node in part.actions:
            prefix, colon, name = action.partition(":")
            if colon and prefix != "*":
                yield part, prefix.lower(), name, node


def matched(part: Part) -> tuple[tuple[str, str], ...] | None:
    """Return the actions that a statement is about, as prefix and name; None: too many to tell
    (all of them, `NotAction`, or of a service that is not known)."""
    if part.not_action or everything(part) or not part.actions:
        return None
    found: list[tuple[str, str]] = []
    for action, _ in part.actions:
        names = matching(action)
        if not names:
            return None
        prefix = action.partition(":")[0].lower()
        found.extend((prefix, name) for name in names)
    return tuple(found)


def unknown_service(subject: Subject) -> Iterator[Found]:
    """A service prefix that AWS does not publish."""
    for _, prefix, _, node in named(subject):
        if prefix not in prefixes():
            near = nearest(prefix, prefixes())
            remedy = (
                f"did you mean `{near}:`?" if near else "see the Service Authorization Reference"
            )
            yield Found(node, f"there is no service `{prefix}`", remedy)


def unknown_action(subject: Subject) -> Iterator[Found]:
    """An action that its service does not have."""
    for _, prefix, name, node in named(subject):
        exact = not any(w in name for w in _WILD)
        if exact and prefix in prefixes() and not matching(f"{prefix}:{name}"):
            yield Found(node, f"there is no action `{prefix}:{name}`", _instead(prefix, name))


def _instead(prefix: str, name: str) -> str | None:
    folded = {n.lower(): n for n in action_names(prefix)}
    near = nearest(name, folded)
    return f"did you mean `{prefix}:{folded[near]}`?" if near else None


def pattern_matches_nothing(subject: Subject) -> Iterator[Found]:
    """A pattern that none of its service's actions matches."""
    for _, prefix, name, node in named(subject):
        wild = any(w in name for w in _WILD)
        if wild and action_names(prefix) and not matching(f"{prefix}:{name}"):
            bare = name.replace("*", "").replace("?", "")
            yield Found(node, f"no action matches `{prefix}:{name}`", _instead(prefix, bare))


def redundant_action(subject: Subject) -> Iterator[Found]:
    """An action that another one of the same list covers."""
    for part in subject.parts:
        texts = [action.lower() for action, _ in part.actions]
        wild = [(n, text) for n, text in enumerate(texts) if "*" in text or "?" in text]
        seen: set[str] = set()
        for number, (action, node) in enumerate(part.actions):
            text = action.lower()
            over = next(
                (n for n, w in wild if n != number and w != text and _covers(w, text)), None
            )
            if text in seen:
                yield Found(node, f"`{action}` stands twice", "keep one of them")
            elif over is not None:
                yield Found(
                    node,
                    f"`{action}` is within `{part.actions[over][0]}`",
                    "remove it, or narrow the pattern",
                )
            seen.add(text)


@lru_cache(maxsize=8192)
def _covers(wide: str, narrow: str) -> bool:
    """Whether every action of `narrow` is one of `wide`; its own wildcards are taken as letters
    that the wide one's stars cover."""
    return matcher(split(wide, wildcards=True, variables=False))(narrow)


def allow_not_action(subject: Subject) -> Iterator[Found]:
    """`Allow` with `NotAction`: everything else there is, and will be."""
    said = "`Allow` with `NotAction` allows every other action, new ones too"
    remedy = "list what is allowed, or deny with the actions named"
    yield from _allowing(subject, "NotAction", said, remedy)


def allow_not_resource(subject: Subject) -> Iterator[Found]:
    """`Allow` with `NotResource`: everything else there is, and will be."""
    said = "`Allow` with `NotResource` allows all other resources, new ones too"
    remedy = "list what is allowed, or deny with the resources named"
    yield from _allowing(subject, "NotResource", said, remedy)


def _allowing(subject: Subject, element: str, said: str, remedy: str) -> Iterator[Found]:
    if subject.kind != "scp":
        for part in subject.parts:
            node = part.node.get(element)
            if node is not None and part.allows:
                yield Found(node, said, remedy)


def allows_everything(subject: Subject) -> Iterator[Found]:
    """`Allow` of every action on every resource, without a condition."""
    if subject.kind not in ("identity", "any"):
        return
    for part in subject.parts:
        all_resources = any(r == "*" for r, _ in part.resources) and not part.not_resource
        whole = part.allows and everything(part) and all_resources
        if whole and not part.tests and part.element("Principal") is None:
            said = "the statement allows everything on everything"
            yield Found(part.node, said, "name the actions that are needed")


def pass_role_to_all(subject: Subject) -> Iterator[Found]:
    """`iam:PassRole` on all roles, to any service."""
    if subject.kind not in ("identity", "session", "any"):
        return
    for part in subject.parts:
        if not part.allows or part.not_action or "iam:passedtoservice" in part.tested:
            continue
        open_roles = any(_all_roles(r) for r, _ in part.resources) and not part.not_resource
        for action, node in part.actions:
            prefix = action.lower().partition(":")[0]
            if prefix == "iam" and "PassRole" in matching(action) and open_roles:
                if action.lower() == "iam:passrole":
                    said = "`iam:PassRole` on every role hands any role to any service"
                else:
                    said = f"`{action}` on `*` holds iam:PassRole: it hands any role to any service"
                yield Found(node, said, "name the roles, or test iam:PassedToService")


def _all_roles(resource: str) -> bool:
    return resource == "*" or resource.rpartition(":")[2] in ("*", "role/*", "role*")

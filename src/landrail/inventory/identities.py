"""What the tables of IAM share: one answer with all users, roles and policies, and what an identity
policy grants, judged from its document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from landrail.inventory.ask import Ask, items
from landrail.inventory.policies import parsed
from landrail.policy.document import Statement


def details(ask: Ask, kind: str, member: str) -> Iterator[Mapping[str, Any]]:
    """Yield what IAM tells of all `User`s, `Role`s or `LocalManagedPolicy`s; raises Refused."""
    yield from items(ask, "iam", "GetAccountAuthorizationDetails", member, Filter=[kind])


def document(given: Any) -> dict[str, Any] | None:
    """Return a policy document of IAM's answers: an object, or its text as it goes over the wire
    (clients differ in whether they undo that)."""
    if not isinstance(given, str):
        return dict(given) if given is not None else None
    found: dict[str, Any] = json.loads(unquote(given) if given.startswith("%") else given)
    return found


def grants_everything(policy: Mapping[str, Any] | None) -> bool:
    """Whether a policy allows every action on everything."""
    return any(
        (statement.not_action and not statement.actions) or "*" in statement.actions
        for statement in _allowing(policy)
        if _everywhere(statement)
    )


def grants_whole_service(policy: Mapping[str, Any] | None) -> bool:
    """Whether a policy allows every action of some service."""
    return any(
        action == "*" or action.endswith(":*")
        for statement in _allowing(policy)
        if not statement.not_action
        for action in statement.actions
    )


def passes_any_role(policy: Mapping[str, Any] | None) -> bool:
    """Whether a policy lets one pass every role to a service."""
    return any(
        not statement.conditions
        and not statement.not_action
        and any(action.lower() in ("*", "iam:*", "iam:passrole") for action in statement.actions)
        for statement in _allowing(policy)
        if _everywhere(statement)
    )


def _allowing(policy: Mapping[str, Any] | None) -> Iterator[Statement]:
    found = parsed(policy, "identity") if policy is not None else None
    for statement in found.statements if found else ():
        if statement.effect == "Allow":
            yield statement


def _everywhere(statement: Statement) -> bool:
    return not statement.not_resource and "*" in (statement.resources or ())

"""What the tables of IAM share: one answer with all users, roles and policies, and what an identity
policy grants, judged from its document. One that is not understood counts as granting all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from landrail.inventory.ask import Ask, items
from landrail.inventory.policies import parsed
from landrail.policy.document import Statement

_PASSING = ("*", "iam:*", "iam:passrole")


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
    return _allows(policy, lambda one: _everywhere(one) and _every_action(one))


def grants_whole_service(policy: Mapping[str, Any] | None) -> bool:
    """Whether a policy allows every action of some service."""
    return _allows(
        policy,
        lambda one: not one.not_action and any(a == "*" or a.endswith(":*") for a in one.actions),
    )


def passes_any_role(policy: Mapping[str, Any] | None) -> bool:
    """Whether a policy lets one pass every role to a service."""
    return _allows(
        policy,
        lambda one: (
            _everywhere(one)
            and not one.conditions
            and not one.not_action
            and any(action.lower() in _PASSING for action in one.actions)
        ),
    )


def _allows(policy: Mapping[str, Any] | None, judged: Callable[[Statement], bool]) -> bool:
    if policy is None:
        return False
    found = parsed(policy, "identity")
    return found is None or any(
        statement.effect == "Allow" and judged(statement) for statement in found.statements
    )


def _every_action(statement: Statement) -> bool:
    return not statement.not_action and "*" in statement.actions


def _everywhere(statement: Statement) -> bool:
    return not statement.not_resource and "*" in (statement.resources or ())

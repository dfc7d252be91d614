"""The role through which the audit reads an account: configuration by AWS's own security policy and
what the inventory's tables ask for; never data, and nothing that changes anything.

It is entered from the management account alone, by those who may look at everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landrail.compiler import site
from landrail.compiler.parts.roles import by_roles, managed_policy, role, roles
from landrail.compiler.parts.templates import Resources
from landrail.compiler.statements import allow, role_arn
from landrail.inventory.catalogue import tables
from landrail.spec import Platform

NAME = "reader"
READER_ARNS = f"arn:aws:iam::*:role/landrail/{NAME}"
_SECURITY_AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"
_ALSO = (
    "config:SelectAggregateResourceConfig",
    "organizations:Describe*",
    "organizations:List*",
)
_ROOM = 5_000
"""Characters of action names in one policy; AWS takes 6,144 of everything."""


def reader(platform: Platform, account: str) -> Resources:
    """Return the role with its policies."""
    policies: Resources = {}
    for number, actions in enumerate(_chunks(reads()), 1):
        policies |= managed_policy(f"{NAME}-{number}", [allow(actions, "*", sid="Read")])
    attached: list[Any] = [{"Ref": logical} for logical in policies]
    made = role(
        NAME,
        by_roles(*(role_arn(site.MANAGEMENT, name) for name in _entering(platform))),
        managed=[_SECURITY_AUDIT, *attached],
        description="Reads configuration for the audit, never data; changes nothing",
    )
    if account == site.MANAGEMENT:
        own = [f"Role{name.capitalize()}" for name in _entering(platform) if name != "operator"]
        made |= {"DependsOn": own} if own else {}
    return {**policies, **roles((NAME, made))}


def reads() -> tuple[str, ...]:
    """Return every action that the tables of the inventory take."""
    return tuple(sorted({*_ALSO, *(read for table in tables().values() for read in table.reads)}))


def _entering(platform: Platform) -> list[str]:
    """Return the roles of management whose people may audit."""
    names = ["operator"]
    names += ["auditor"] if platform.auditors else []
    return [*names, "security"] if platform.security else names


def _chunks(actions: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    held: list[str] = []
    for action in actions:
        if held and sum(len(name) + 3 for name in (*held, action)) > _ROOM:
            yield tuple(held)
            held = []
        held.append(action)
    yield tuple(held)

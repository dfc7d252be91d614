"""The statements of guardrails: denials, and the roles that they spare.

How statements become policies is the compiler's business. Nothing here knows a guardrail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from landrail.guardrails.powers import PLATFORM, role

Statement = Mapping[str, Any]


def deny(
    actions: tuple[str, ...] | str,
    resources: tuple[str, ...] | str = "*",
    *,
    unless: tuple[str, ...] = (),
    when: Mapping[str, Mapping[str, Any]] | None = None,
) -> Statement:
    """Return a Deny of `actions` for every principal but the roles in `unless`.

    `aws:PrincipalArn` of a session is the ARN of its role, path included, so a role of the same
    name elsewhere is not exempt. Every signed request carries the key.
    """
    condition = {operator: dict(keys) for operator, keys in (when or {}).items()}
    if unless:
        condition["ArnNotLike"] = {"aws:PrincipalArn": plain(unless)}
    statement: dict[str, Any] = {
        "Effect": "Deny",
        "Action": plain(actions),
        "Resource": plain(resources),
    }
    if condition:
        statement["Condition"] = condition
    return statement


def fixed(*statements: Statement) -> Callable[[object], tuple[Statement, ...]]:
    """Return the preventive form that is these statements, whatever the file says."""
    return lambda _facts: statements


def exempting(made: tuple[Statement, ...], powers: tuple[str, ...]) -> tuple[Statement, ...]:
    """Return statements that exempt these roles where they exempt the platform's."""
    return tuple(_exempted(statement, powers) for statement in made) if powers else made


def _exempted(statement: Statement, powers: tuple[str, ...]) -> Statement:
    condition = statement.get("Condition") or {}
    unless = condition.get("ArnNotLike", {}).get("aws:PrincipalArn", ())
    listed = [unless] if isinstance(unless, str) else list(unless)
    if role(PLATFORM) not in listed:
        return statement
    exempt = {**condition["ArnNotLike"], "aws:PrincipalArn": [*listed, *powers]}
    return {**statement, "Condition": {**condition, "ArnNotLike": exempt}}


def plain(values: Sequence[str] | str) -> str | list[str]:
    """Return a list as policies write it: a lone value stands without brackets."""
    if isinstance(values, str):
        return values
    return values[0] if len(values) == 1 else list(values)

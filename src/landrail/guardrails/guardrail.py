"""What a guardrail is: a condition to hold, kept by statements, by Config rules, or by both.

A guardrail says what must hold and where; the compiler packs the statements into organization
policies and the rules into stacks. Values only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Statement = Mapping[str, Any]

ROOT = "root"
"""The root of the organization: every member account, from its first minute."""

PLATFORM = "platform"
BREAK_GLASS = "break-glass"
VENDING_ROLE = "OrganizationAccountAccessRole"
_ROLE = "arn:aws:iam::*:role/landrail/{}"


@dataclass(frozen=True, slots=True)
class Facts:
    """What guardrails know of the platform: what its buckets' names begin with, and its region."""

    prefix: str
    region: str

    def buckets(self, purpose: str = "*") -> str:
        """Return the pattern of the ARNs of the platform's buckets."""
        return f"arn:aws:s3:::{self.prefix}-{purpose}"


@dataclass(frozen=True, slots=True)
class DetectiveRule:
    """An AWS managed Config rule, by its identifier, and the resource types that it looks at."""

    name: str
    identifier: str
    resource_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guardrail:
    """A condition to hold. `scopes` are the last parts of the OUs that it is attached to, or
    `ROOT`; `owner` is the role that answers for it; `remedy` says what to do instead."""

    name: str
    summary: str
    remedy: str
    scopes: tuple[str, ...]
    preventive: Callable[[Facts], tuple[Statement, ...]] | None = None
    detective: tuple[DetectiveRule, ...] = ()
    owner: str = "security"

    def statements(self, facts: Facts) -> tuple[Statement, ...]:
        """Return the statements, each with a Sid that names the guardrail."""
        made = self.preventive(facts) if self.preventive else ()
        word = "".join(part.capitalize() for part in self.name.split("-"))
        several = len(made) > 1
        return tuple(
            {"Sid": f"{word}{number}" if several else word, **statement}
            for number, statement in enumerate(made, 1)
        )


def role(name: str) -> str:
    """Return the pattern of a platform's role in any account, with its exact path and name."""
    return _ROLE.format(name)


def vending_role() -> str:
    """Return the pattern of the role through which new accounts get their baseline."""
    return f"arn:aws:iam::*:role/{VENDING_ROLE}"


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
        condition["ArnNotLike"] = {"aws:PrincipalArn": _plain(unless)}
    statement: dict[str, Any] = {
        "Effect": "Deny",
        "Action": _plain(actions),
        "Resource": _plain(resources),
    }
    if condition:
        statement["Condition"] = condition
    return statement


def _plain(values: tuple[str, ...] | str) -> str | list[str]:
    if isinstance(values, str):
        return values
    return values[0] if len(values) == 1 else list(values)

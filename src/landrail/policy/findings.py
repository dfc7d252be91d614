"""The vocabulary of answers: outcomes, layers, the closed set of reasons, and findings per layer.

Reasons are keys that the evaluator sets at the place where it decides; the sentence for people is
made from them in `wording`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any


class Outcome(Enum):
    """The three answers. Only ALLOW lets a request through."""

    ALLOW = "ALLOW"
    EXPLICIT_DENY = "EXPLICIT_DENY"
    IMPLICIT_DENY = "IMPLICIT_DENY"


class Layer(Enum):
    """The kinds of policy that take part in a decision."""

    IDENTITY = "identity"
    BOUNDARY = "boundary"
    SESSION = "session"
    RESOURCE = "resource"
    TRUST = "trust"
    SCP = "scp"
    RCP = "rcp"
    ENDPOINT = "endpoint"
    GRANT = "grant"
    PUBLIC_ACCESS = "public-access"


class Reason(Enum):
    """Why; the closed set. Each value is the key's machine form."""

    ALLOWED_BY_IDENTITY = "allowed-by-identity"
    ALLOWED_BY_RESOURCE = "allowed-by-resource"
    ALLOWED_BY_BOTH = "allowed-by-both-accounts"
    ALLOWED_BY_GRANT = "allowed-by-grant"
    ALLOWED_TO_ROOT = "allowed-to-root-user"
    ALLOWED_TO_ALL = "needs-no-permission"
    EXPLICIT_DENY = "explicit-deny"
    NOT_ALLOWED = "not-allowed"
    LEVEL_NOT_ALLOWED = "level-not-allowed"
    NOT_DELEGATED = "key-policy-does-not-delegate"
    OTHER_ACCOUNT = "other-account-does-not-allow"
    PUBLIC_ACCESS_BLOCKED = "public-access-blocked"
    PUBLIC_ACL_BLOCKED = "public-acl-blocked"
    OTHER_PARTITION = "other-partition"
    KEPT_BY_AWS = "kept-by-aws"


@dataclass(frozen=True, slots=True)
class ConditionFinding:
    """How one condition test came out against the request; `actual` None: the key was absent."""

    operator: str
    key: str
    expected: tuple[str, ...]
    actual: str | tuple[str, ...] | None
    passed: bool

    def to_json(self) -> dict[str, Any]:
        """Return the plain form."""
        actual = list(self.actual) if isinstance(self.actual, tuple) else self.actual
        return {
            "operator": self.operator,
            "key": self.key,
            "expected": list(self.expected),
            "actual": actual,
            "passed": self.passed,
        }


@dataclass(frozen=True, slots=True)
class StatementFinding:
    """A statement whose action, resource and principal fit the request, and whether its conditions
    held: `matched` False means that a condition alone kept it from applying."""

    layer: Layer
    level: str | None
    policy: str
    attached_to: str
    number: int
    sid: str | None
    effect: str
    matched: bool
    conditions: tuple[ConditionFinding, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the plain form."""
        return {
            "layer": self.layer.value,
            "level": self.level,
            "policy": self.policy,
            "attachedTo": self.attached_to,
            "statement": self.number,
            "sid": self.sid,
            "effect": self.effect,
            "matched": self.matched,
            "conditions": [c.to_json() for c in self.conditions],
        }


@dataclass(frozen=True, slots=True)
class AllowedElsewhere:
    """A statement that allows the action, on resources other than the one asked for."""

    policy: str
    number: int
    sid: str | None
    resources: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the plain form."""
        return {
            "policy": self.policy,
            "statement": self.number,
            "sid": self.sid,
            "resources": list(self.resources),
        }


@dataclass(frozen=True, slots=True)
class LayerFinding:
    """What one layer (or one level of SCPs or RCPs) said: `outcome` by itself, how many statements
    it has, those that fit the request but for their conditions, and where nothing allows, those
    that allow the action on other resources."""

    layer: Layer
    level: str | None
    outcome: Outcome
    statements: int
    findings: tuple[StatementFinding, ...] = ()
    elsewhere: tuple[AllowedElsewhere, ...] = ()
    policies: tuple[str, ...] = ()
    """The names of the policies that were looked at."""

    def to_json(self) -> dict[str, Any]:
        """Return the plain form."""
        return {
            "layer": self.layer.value,
            "level": self.level,
            "outcome": self.outcome.value,
            "policies": list(self.policies),
            "statements": self.statements,
            "findings": [f.to_json() for f in self.findings],
            "elsewhere": [e.to_json() for e in self.elsewhere],
        }

"""What an audit finds: a resource that does not hold to a guardrail, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from landrail.guardrails.guardrail import Severity
from landrail.spec.oversight import Waiver

State = Literal["new", "standing"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")
Key = tuple[str, str, str, str, str]
"""Guardrail, rule, account id, region, resource id: the same finding in two audits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding. `account` is the name in the file, or AWS's; `says` what is wrong, `remedy` what
    to do; `audit_only` marks a rule that Config does not evaluate; `waiver` covers the finding,
    `expired` did until it ended."""

    guardrail: str
    title: str
    severity: Severity
    rule: str
    account_id: str
    account: str
    region: str
    resource_type: str
    resource_id: str
    resource_name: str
    arn: str
    says: str
    remedy: str
    first_seen: datetime
    audit_only: bool = False
    state: State = "new"
    waiver: Waiver | None = None
    expired: Waiver | None = None

    @property
    def key(self) -> Key:
        """What makes it the same finding the next time."""
        return (self.guardrail, self.rule, self.account_id, self.region, self.resource_id)

    @property
    def label(self) -> str:
        """The label of the check that found it."""
        return f"{self.guardrail}/{self.rule}"

    @property
    def uid(self) -> str:
        """A stable identifier, for programs that collect findings."""
        return sha256("\x1f".join(self.key).encode()).hexdigest()[:32]

    @property
    def name(self) -> str:
        """What people call the resource."""
        return self.resource_name or self.resource_id

    def to_json(self) -> Mapping[str, Any]:
        """Return it as plain data."""
        data = {name: getattr(self, name) for name in _PLAIN}
        data |= {"uid": self.uid, "first_seen": self.first_seen.isoformat()}
        for name, waiver in (("waiver", self.waiver), ("expired_waiver", self.expired)):
            if waiver is not None:
                data[name] = {**_fields(waiver), "expires": waiver.expires.isoformat()}
        return data


def _fields(waiver: Waiver) -> dict[str, Any]:
    names = ("guardrail", "account", "resource", "owner", "reason", "approver")
    return {name: getattr(waiver, name) for name in names}


_PLAIN = (
    "guardrail",
    "title",
    "severity",
    "rule",
    "account_id",
    "account",
    "region",
    "resource_type",
    "resource_id",
    "resource_name",
    "arn",
    "says",
    "remedy",
    "audit_only",
    "state",
)


def at_least(severity: str, limit: str) -> bool:
    """Whether a severity is as bad as another, or worse."""
    ranked: tuple[str, ...] = SEVERITIES
    return ranked.index(severity) <= ranked.index(limit)

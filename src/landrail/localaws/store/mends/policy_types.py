"""The types of organization policies that moto does not have, or has in name only.

Each touched internal has a test that fails when moto changes it.
Source: Organizations API Reference, `PolicyType`.
"""

from __future__ import annotations

from typing import Any

from moto.organizations.models import FakePolicy, FakeRoot

TYPES = (
    "BACKUP_POLICY",
    "BEDROCK_POLICY",
    "CHATBOT_POLICY",
    "DECLARATIVE_POLICY_EC2",
    "GUARDDUTY_POLICY",
    "INSPECTOR_POLICY",
    "NETWORK_SECURITY_DIRECTOR_POLICY",
    "S3_POLICY",
    "SECURITYHUB_CSPM_POLICY",
    "SECURITYHUB_POLICY",
    "UPGRADE_ROLLOUT_POLICY",
)
_HELD_AS = "TAG_POLICY"
_make = FakePolicy.__init__


def _made(self: FakePolicy, organization: Any, **given: Any) -> None:
    """Such a policy is kept as moto keeps tag policies, under its own type and ARN."""
    kind = given.get("Type")
    if kind not in TYPES:
        _make(self, organization, **given)
        return
    _make(self, organization, **{**given, "Type": _HELD_AS})
    self.type = kind
    self._arn_format = f"arn:{{0}}:organizations::{{1}}:policy/{{2}}/{kind.lower()}/{{3}}"


def _with(known: list[str]) -> list[str]:
    return sorted({*known, *TYPES})


TOUCHED: tuple[tuple[Any, str, Any], ...] = (
    (FakePolicy, "__init__", _made),
    (FakePolicy, "SUPPORTED_POLICY_TYPES", _with(FakePolicy.SUPPORTED_POLICY_TYPES)),
    (FakeRoot, "SUPPORTED_POLICY_TYPES", _with(FakeRoot.SUPPORTED_POLICY_TYPES)),
)

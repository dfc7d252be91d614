"""SCPs and RCPs by level, read when the organization changes and not more often.

The management account has neither: its principals and resources are bound by no such policy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from landrail.localaws.layers.documents import all_in_force
from landrail.localaws.layers.sources import Sources
from landrail.policy import Level

_TYPES: dict[str, Literal["scp", "any"]] = {
    "SERVICE_CONTROL_POLICY": "scp",
    # RCPFullAWSAccess, AWS's own, has forms that AWS forbids in RCPs of one's own.
    "RESOURCE_CONTROL_POLICY": "any",
}


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was read under one version. Whoever began to read under an older one keeps it there,
    where nobody looks any more."""

    version: int
    levels: dict[tuple[str, str], tuple[Level, ...]] = field(default_factory=dict)


class OrganizationPolicies:
    """The levels in force for each account, kept by the organization's version."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._kept = _Kept(-1)

    def scps(self, account: str | None) -> tuple[Level, ...]:
        """Return the SCPs that bind principals of an account."""
        return self._of(account, "SERVICE_CONTROL_POLICY")

    def rcps(self, account: str | None) -> tuple[Level, ...]:
        """Return the RCPs that bind resources of an account."""
        return self._of(account, "RESOURCE_CONTROL_POLICY")

    def _of(self, account: str | None, kind: str) -> tuple[Level, ...]:
        if account is None or account == self._sources.management_account():
            return ()
        version, kept = self._sources.organization_version(), self._kept
        if version != kept.version:
            kept = self._kept = _Kept(version)
        levels = kept.levels.get((account, kind))
        if levels is None:
            levels = tuple(
                Level(name, all_in_force(policies, name, _TYPES[kind]))
                for name, policies in self._sources.policy_levels(account, kind)
            )
            kept.levels[(account, kind)] = levels
        return levels

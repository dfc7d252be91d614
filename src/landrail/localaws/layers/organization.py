"""SCPs and RCPs by level, read when the organization changes and not more often.

The management account has neither: its principals and resources are bound by no such policy.
"""

from __future__ import annotations

from typing import Literal

from landrail.localaws.layers.documents import all_in_force
from landrail.localaws.layers.sources import Sources
from landrail.policy import Level

_TYPES: dict[str, Literal["scp", "any"]] = {
    "SERVICE_CONTROL_POLICY": "scp",
    # RCPFullAWSAccess, AWS's own, has forms that AWS forbids in RCPs of one's own.
    "RESOURCE_CONTROL_POLICY": "any",
}


class OrganizationPolicies:
    """The levels in force for each account, kept by the organization's version."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._version = -1
        self._levels: dict[tuple[str, str], tuple[Level, ...]] = {}

    def scps(self, account: str | None) -> tuple[Level, ...]:
        """Return the SCPs that bind principals of an account."""
        return self._of(account, "SERVICE_CONTROL_POLICY")

    def rcps(self, account: str | None) -> tuple[Level, ...]:
        """Return the RCPs that bind resources of an account."""
        return self._of(account, "RESOURCE_CONTROL_POLICY")

    def _of(self, account: str | None, kind: str) -> tuple[Level, ...]:
        if account is None or account == self._sources.management_account():
            return ()
        version = self._sources.organization_version()
        if version != self._version:
            self._levels, self._version = {}, version
        levels = self._levels.get((account, kind))
        if levels is None:
            levels = tuple(
                Level(name, all_in_force(policies, name, _TYPES[kind]))
                for name, policies in self._sources.policy_levels(account, kind)
            )
            self._levels[(account, kind)] = levels
        return levels

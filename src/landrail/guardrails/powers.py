"""The roles that guardrails name, as patterns of their ARNs in every account: the machine powers,
and who is exempt beside them. A pattern has the exact path and name, which `protect-machine-roles`
keeps from everybody else. Values only.
"""

from __future__ import annotations

PLATFORM = "platform"
BREAK_GLASS = "break-glass"
VENDING_ROLE = "OrganizationAccountAccessRole"
_ROLE = "arn:aws:iam::*:role/landrail/{}"


def role(name: str) -> str:
    """Return the pattern of a platform's role in any account, with its exact path and name."""
    return _ROLE.format(name)


def vending_role() -> str:
    """Return the pattern of the role through which new accounts get their baseline."""
    return f"arn:aws:iam::*:role/{VENDING_ROLE}"


BREAK_GLASS_ONLY = (role(BREAK_GLASS),)
BREAK_GLASS_AND_PLATFORM = (role(BREAK_GLASS), role(PLATFORM))
MAKERS = (role(PLATFORM), role(BREAK_GLASS), vending_role())
"""Who builds the platform, repairs it, and begins a new account."""
RELEASERS = (role("release"), role("release-stack"), role(BREAK_GLASS))
"""Who releases to UAT and production, and who repairs what a release broke."""

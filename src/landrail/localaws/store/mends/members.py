"""What a member of the organization may ask Organizations: about itself, and little else.

moto answers members as if they had an organization of their own, which is empty.
Source: AWS Organizations API Reference: most operations "can be called only from the organization's
management account or by a member account that is a delegated administrator".
"""

from __future__ import annotations

from landrail.localaws.api import ApiError
from landrail.localaws.store.peek import PARTITION, accounts, backend

_ANYBODYS = frozenset(
    {
        *("AcceptHandshake", "DeclineHandshake", "DescribeHandshake", "ListHandshakesForAccount"),
        *("CreateOrganization", "DescribeEffectivePolicy", "DescribeOrganization"),
        "LeaveOrganization",
    }
)


def refuse_member(account: str, service: str, operation: str) -> None:
    """Raise ApiError AccessDeniedException for what only the management account, or an account that
    it has made an administrator, may ask."""
    if service != "organizations" or operation in _ANYBODYS:
        return
    for home in accounts("organizations"):
        organizations = backend("organizations", home, PARTITION)
        if organizations is None or organizations.org is None:
            continue
        if account == organizations.org.master_account_id:
            return
        if any(each.account.id == account for each in organizations.admins):
            return
        if any(member.id == account for member in organizations.accounts):
            raise ApiError(
                "AccessDeniedException", "You don't have permissions to access this resource."
            )

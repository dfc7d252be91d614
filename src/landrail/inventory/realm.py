"""Which accounts are ours: the organization that the account asked is in.

Whoever asks may know (the audit reads the organization's accounts first) and then has an attribute
`realm`; else Organizations is asked, once a collection. A member account may not list the others:
then only itself and the management account are known, besides the organization's id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from landrail.inventory.ask import Ask, Once, Refused, Remembering, items

_ALONE = "AWSOrganizationsNotInUseException"
_DENIED = ("AccessDeniedException", "AccessDenied")


@dataclass(frozen=True, slots=True)
class Realm:
    """An organization: its id (None where the account stands alone) and its accounts' ids."""

    organization: str | None
    accounts: frozenset[str]

    def holds(self, who: str) -> bool:
        """Whether an account or an organization is ours."""
        return who in self.accounts or (who == self.organization and who is not None)


@runtime_checkable
class InRealm(Protocol):
    """An Ask that knows its organization."""

    @property
    def realm(self) -> Realm:
        """The organization that the account asked is in."""


def realm_of(ask: Ask) -> Realm:
    """Return the organization of the account that is asked; raises Refused."""
    source = ask.inner if isinstance(ask, Remembering) else ask
    if isinstance(source, InRealm):
        return source.realm
    once = Once(ask)
    try:
        organization = once("organizations", "DescribeOrganization")["Organization"]
    except Refused as error:
        if error.code != _ALONE:
            raise
        return Realm(None, frozenset({ask.account}))
    known = {ask.account, organization["MasterAccountId"]}
    try:
        listed = items(once, "organizations", "ListAccounts", "Accounts")
        known.update(account["Id"] for account in listed)
    except Refused as error:
        if error.code not in _DENIED:
            raise
    return Realm(organization["Id"], frozenset(known))

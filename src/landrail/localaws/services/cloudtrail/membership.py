"""The organization as CloudTrail knows it: which accounts a trail of an organization is of.

Asked as CloudTrail's service-linked role, and kept until the organization changes or an account
turns up that is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from landrail.localaws.api import ApiError, Platform
from landrail.localaws.services.cloudtrail.settings import SERVICE

_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization: its id, its management account, its accounts, and those of them that
    administer CloudTrail for it."""

    id: str
    management: str
    accounts: frozenset[str]
    administrators: frozenset[str]


class Membership:
    """What is known of the organization."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._known: Organization | None = None

    def forget(self) -> None:
        """Ask again next time."""
        self._known = None

    def of(self, account: str, *, having: str = "") -> Organization | None:
        """Return the organization of an account, or None; asked again where what is known does
        not have the account `having`."""
        known = self._known
        if (
            known is None
            or account not in known.accounts
            or (having or account) not in known.accounts
        ):
            self._known = known = self._asked(account)
        return known

    def _asked(self, account: str) -> Organization | None:
        try:
            described = self._ask(account, "DescribeOrganization")["Organization"]
        except ApiError as error:
            if error.code == "AWSOrganizationsNotInUseException":
                return None
            raise
        management = str(described["MasterAccountId"])
        accounts = self._pages(management, "ListAccounts", "Accounts")
        administrators = self._pages(
            management, "ListDelegatedAdministrators", "DelegatedAdministrators"
        )
        return Organization(
            str(described["Id"]), management, frozenset(accounts), frozenset(administrators)
        )

    def _pages(self, account: str, operation: str, member: str) -> list[str]:
        params: dict[str, str] = (
            {"ServicePrincipal": SERVICE.arn} if member == "DelegatedAdministrators" else {}
        )
        found: list[str] = []
        while True:
            page = self._ask(account, operation, params)
            found += [str(each["Id"]) for each in page.get(member) or ()]
            if not page.get("NextToken"):
                return found
            params = {**params, "NextToken": page["NextToken"]}

    def _ask(
        self, account: str, operation: str, params: dict[str, str] | None = None
    ) -> dict[str, Any]:
        return self._platform.call(
            SERVICE, "organizations", operation, params or {}, region=_REGION, account=account
        )

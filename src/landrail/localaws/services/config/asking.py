"""How Config asks AWS of an account: as its own service, through the gateway like anybody.

What may not be read is refused here as it would be there; nothing is made of the answers.
"""

from __future__ import annotations

from typing import Any

from landrail.inventory import Realm, Refused
from landrail.localaws.api import ApiError, Caller, Platform

PRINCIPAL = "config.amazonaws.com"
SERVICE = Caller(kind="service", arn=PRINCIPAL, account=None)
Place = tuple[str, str]
"""An account and a region."""
_ALONE = "AWSOrganizationsNotInUseException"


class Asking:
    """One account and region that can be asked, for the tables of the inventory."""

    def __init__(self, platform: Platform, place: Place, realms: Realms) -> None:
        """Ask through `platform`; `realms` says whose organization it is."""
        self._platform = platform
        self._realms = realms
        self.account, self.region = place

    @property
    def realm(self) -> Realm:
        """The organization that the account is in; raises Refused."""
        return self._realms.of(self.account, self.region)

    def __call__(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
        """Perform an operation as the Config service; raises Refused."""
        return _asked(self._platform, self.account, self.region, service, operation, parameters)


class Realms:
    """The organizations of accounts, each read once: by its management account's list, as only
    that one may see all."""

    def __init__(self, platform: Platform) -> None:
        """Nothing is read before it is asked for."""
        self._platform = platform
        self._known: dict[str, Realm] = {}

    def of(self, account: str, region: str) -> Realm:
        """Return the organization of an account; raises Refused."""
        if account not in self._known:
            self._known[account] = self._read(account, region)
        return self._known[account]

    def forget(self) -> None:
        """Read anew what is asked for next: accounts may have come or gone."""
        self._known.clear()

    def _read(self, account: str, region: str) -> Realm:
        def ask(owner: str, operation: str, **parameters: Any) -> dict[str, Any]:
            return _asked(self._platform, owner, region, "organizations", operation, parameters)

        try:
            organization = ask(account, "DescribeOrganization")["Organization"]
        except Refused as error:
            if error.code != _ALONE:
                raise
            return Realm(None, frozenset({account}))
        found = {account, organization["MasterAccountId"]}
        more: dict[str, Any] = {}
        while True:
            answer = ask(organization["MasterAccountId"], "ListAccounts", **more)
            found.update(one["Id"] for one in answer.get("Accounts") or ())
            if not answer.get("NextToken"):
                return Realm(organization["Id"], frozenset(found))
            more = {"NextToken": answer["NextToken"]}


def _asked(
    platform: Platform,
    account: str,
    region: str,
    service: str,
    operation: str,
    parameters: dict[str, Any],
) -> dict[str, Any]:
    try:
        return platform.call(
            SERVICE, service, operation, parameters, region=region, account=account
        )
    except ApiError as error:
        raise Refused(error.code, error.message) from error

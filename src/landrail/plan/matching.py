"""Which account of the organization is which account of the file. AWS knows no names that stay:
an id in the file wins, then the e-mail address (unique in AWS), then our own tag."""

from __future__ import annotations

from collections.abc import Iterable

from landrail.plan.marks import MANAGEMENT_KIND, NAME_TAG, PLATFORM_TAG
from landrail.plan.observed import ObservedAccount
from landrail.resources import Account, Wanted


def name_accounts(
    wanted: Wanted, found: Iterable[ObservedAccount], management: str
) -> dict[str, ObservedAccount]:
    """Return the accounts by the file's name, those that the file does not know by their id.

    `management` is the id of the management account.
    """
    left = {account.account_id: account for account in found}
    named: dict[str, ObservedAccount] = {}
    accounts = wanted.of_kind(Account)
    for match in (_by_id, _by_email, _by_tag):
        for account in accounts:
            if account.name not in named:
                hit = match(wanted.platform, account, left.values(), management)
                if hit is not None:
                    named[account.name] = left.pop(hit.account_id)
    return {**named, **left}


def _by_id(
    _platform: str, account: Account, left: Iterable[ObservedAccount], management: str
) -> ObservedAccount | None:
    expected = management if account.kind == MANAGEMENT_KIND else account.account_id
    return next((a for a in left if a.account_id == expected), None)


def _by_email(
    _platform: str, account: Account, left: Iterable[ObservedAccount], management: str
) -> ObservedAccount | None:
    if account.account_id is not None:
        return None
    email = account.email.lower()
    return next((a for a in left if a.email.lower() == email and a.account_id != management), None)


def _by_tag(
    platform: str, account: Account, left: Iterable[ObservedAccount], management: str
) -> ObservedAccount | None:
    if account.account_id is not None:
        return None
    expected = (platform, account.name)
    for candidate in left:
        marks = (candidate.tags.get(PLATFORM_TAG), candidate.tags.get(NAME_TAG))
        if marks == expected and candidate.account_id != management:
            return candidate
    return None

"""Comparing the organization itself, its OUs and its accounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from landrail.plan.governed import is_governed
from landrail.plan.marks import MANAGEMENT_KIND, NAME_TAG, PLATFORM_TAG, SUSPENDED
from landrail.plan.observed import Observed, ObservedAccount
from landrail.plan.values import Action, Change, Detail, Difference, Effect, Notice
from landrail.resources import Account, Address, Organization, OrganizationalUnit, Wanted


def organization_change(organization: Organization, observed: Observed) -> Change:
    """Compare the organization: all features, policy types, services with trusted access."""
    there = observed.organization
    if there is None:
        return Change(organization.address, Action.CREATE, "with all features")
    details = []
    if not there.all_features:
        details.append(Detail("all features", Effect.ADD))
    for policy_type in organization.policy_types:
        if policy_type not in there.policy_types:
            details.append(Detail(f"policy type {policy_type}", Effect.ADD))
    for service in organization.trusted_services:
        if service not in there.trusted_services:
            details.append(Detail(f"trusted service {service}", Effect.ADD))
    return _updated(organization.address, tuple(details))


def unit_change(unit: OrganizationalUnit, observed: Observed) -> Change:
    """Compare an OU: there, by its name, with our tag."""
    there = observed.units.get(unit.name)
    if there is None:
        return Change(unit.address, Action.CREATE)
    name = unit.name.rpartition("/")[2]
    if there.name != name:
        renamed = Detail("name", Effect.IN_PLACE, "drift", (Difference("name", there.name, name),))
        summary = f"renamed back from {there.name}"
        return Change(unit.address, Action.UPDATE, summary, (renamed,))
    if not there.ours:
        return Change(unit.address, Action.ADOPT, reason="made by others; taken over by its name")
    return Change(unit.address, Action.NO_OP)


def account_change(platform: str, account: Account, observed: Observed) -> Change:
    """Compare an account: there, in its OU, with our tags. An account is never closed."""
    there = observed.accounts.get(account.name)
    if account.kind == MANAGEMENT_KIND:
        action = Action.ADOPT if there is None else Action.NO_OP
        return Change(account.address, action, reason="it makes the organization")
    if there is None:
        if account.account_id is not None:
            reason = f"account {account.account_id} is not in this organization: invite it first"
            return Change(account.address, Action.REFUSED, account.account_id, reason=reason)
        return Change(account.address, Action.CREATE, account.email)
    if not is_usable(there):
        return Change(account.address, Action.NO_OP, there.account_id)
    owner = there.tags.get(PLATFORM_TAG)
    if owner not in (None, platform):
        reason = f"account {there.account_id} belongs to platform {owner}"
        return Change(account.address, Action.REFUSED, there.account_id, reason=reason)
    details = tuple(_account_details(platform, account, there))
    if owner is None:
        reason = f"account {there.account_id} exists; taken over"
        return Change(account.address, Action.ADOPT, _moved(details), details, reason)
    return _updated(account.address, details, _moved(details))


def account_tags(platform: str, account: Account) -> dict[str, str]:
    """Return the tags that an account shall carry."""
    return {**account.tags, PLATFORM_TAG: platform, NAME_TAG: account.name}


def is_usable(account: ObservedAccount) -> bool:
    """Say whether anything can be done in an account; a closed one stays listed for months."""
    return account.state == "ACTIVE"


def holding_units(wanted: Wanted, observed: Observed) -> frozenset[str]:
    """Return the OUs that hold accounts once the plan is performed, with the OUs above them."""
    targets = {a.name: a.ou for a in wanted.of_kind(Account)}
    found: set[str] = set()
    for key, account in observed.accounts.items():
        stays = key not in targets or not _is_moved(wanted.platform, account)
        path = account.ou if stays else targets[key]
        while path:
            found.add(path)
            path = path.rpartition("/")[0]
    return frozenset(found)


def unwanted_units(
    wanted: Wanted, observed: Observed, detached: Mapping[str, Iterable[Address]]
) -> tuple[tuple[Change, ...], tuple[Notice, ...]]:
    """Return deletions of the OUs of ours that the file no longer asks for and that are empty when
    this plan has moved their accounts, and notices of those that still hold some. `detached` are
    the policies that the plan takes off each target."""
    units = {u.name for u in wanted.of_kind(OrganizationalUnit)}
    extra = {p: u for p, u in observed.units.items() if u.ours and p not in units}
    holding = holding_units(wanted, observed)
    moving = moving_out(wanted, observed)
    changes, notices = [], []
    for path in sorted(extra, reverse=True):
        below = [p for p in observed.units if p.startswith(f"{path}/")]
        if path in holding:
            summary = f"OU {path} is no longer in the file but holds accounts"
            remedy = "its guardrails stay on it; move the accounts, then apply again"
            notices.append(Notice("organization", summary, remedy))
        elif is_governed(path, observed):
            summary = f"OU {path} is no longer in the file, and Control Tower governs it"
            notices.append(Notice("organization", summary, "it stays until it is unregistered"))
        elif all(p in extra for p in below):
            leaving = tuple(moving.get(path, ()))
            after = tuple(OrganizationalUnit(p, None).address for p in below)
            after += (*leaving, *detached.get(f"ou/{path}", ()))
            address = OrganizationalUnit(path, None).address
            words = "empty once its accounts have moved" if leaving else "empty"
            changes.append(Change(address, Action.DELETE, words, depends_on=after))
    return tuple(changes), tuple(notices)


def account_notices(wanted: Wanted, observed: Observed) -> Iterator[Notice]:
    """Report accounts in our OUs that the file does not know, and those that cannot be used."""
    accounts = {a.name for a in wanted.of_kind(Account)}
    units = {u.name for u in wanted.of_kind(OrganizationalUnit)} - {SUSPENDED}
    for key, account in sorted(observed.accounts.items()):
        if key in accounts:
            if not is_usable(account):
                summary = f"account {key} ({account.account_id}) is {account.state}"
                yield Notice(key, summary, "nothing is planned in it until it is active again")
        elif account.ou in units or (
            account.tags.get(PLATFORM_TAG) == wanted.platform and account.ou != SUSPENDED
        ):
            where = account.ou or "the root"
            yield Notice(
                "organization",
                f"account {account.name} ({account.account_id}) stands in {where}, not in the file",
                "it stays as it is: put it back in the file, or move it out; no account is closed",
            )


def _is_moved(platform: str, account: ObservedAccount) -> bool:
    return is_usable(account) and account.tags.get(PLATFORM_TAG) in (None, platform)


def moving_out(wanted: Wanted, observed: Observed) -> dict[str, list[Address]]:
    """Return the accounts that the plan moves out of each OU."""
    found: dict[str, list[Address]] = {}
    for account in wanted.of_kind(Account):
        there = observed.accounts.get(account.name)
        if there is None or there.ou is None or there.ou == account.ou:
            continue
        if _is_moved(wanted.platform, there):
            found.setdefault(there.ou, []).append(account.address)
    return found


def _account_details(platform: str, account: Account, there: ObservedAccount) -> Iterator[Detail]:
    if there.ou != account.ou:
        moved = Difference("ou", there.ou or "root", account.ou or "root")
        yield Detail("ou", Effect.IN_PLACE, "drift", (moved,))
    tags = account_tags(platform, account)
    missing = {k: v for k, v in tags.items() if there.tags.get(k) != v}
    if missing:
        old = {k: there.tags.get(k) for k in missing}
        yield Detail("tags", Effect.IN_PLACE, differences=(Difference("tags", old, missing),))


def _moved(details: tuple[Detail, ...]) -> str:
    for detail in details:
        if detail.name == "ou":
            difference = detail.differences[0]
            return f"moved from {difference.before} to {difference.after}"
    return ", ".join(detail.name for detail in details)


def _updated(address: Address, details: tuple[Detail, ...], summary: str = "") -> Change:
    if not details:
        return Change(address, Action.NO_OP)
    words = summary or ", ".join(detail.name for detail in details)
    return Change(address, Action.UPDATE, words, details)

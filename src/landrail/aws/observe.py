"""Reading all that a plan compares: the organization first, then each account in parallel."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from botocore.exceptions import ClientError

from landrail.aws.accounts import observe_accounts
from landrail.aws.defaults import observe_defaults
from landrail.aws.doors import observe_door
from landrail.aws.entering import Entrances, NoEntry
from landrail.aws.errors import code, is_denied
from landrail.aws.landing_zone import marked, observe_controls, observe_registrations
from landrail.aws.organization import observe_organization
from landrail.aws.policies import observe_attachments, observe_policies
from landrail.aws.recorders import observe_recorder
from landrail.aws.stacks import observe_stacks
from landrail.aws.units import observe_units
from landrail.diagnostics import Failure
from landrail.plan.marks import MANAGEMENT_KIND, POLICY_TYPES, SUSPENDED
from landrail.plan.matching import name_accounts
from landrail.plan.observed import (
    Observed,
    ObservedAccount,
    ObservedContents,
    ObservedOrganization,
)
from landrail.plan.organization import is_usable
from landrail.plan.recorders import recorded_accounts
from landrail.resources import (
    Account,
    AccountDefaults,
    Organization,
    Registration,
    Stack,
    Wanted,
)


def observe(entrances: Entrances, wanted: Wanted, *, refresh: bool = True) -> Observed:
    """Read all of it; `refresh` reads templates and looks for drift. Raises Failure."""
    connection, who = entrances.connection, entrances.management()
    organization = observe_organization(connection, who)
    if organization is None:
        return Observed(refreshed=refresh)
    if organization.management_account != entrances.management_account:
        raise Failure(
            f"account {entrances.management_account} is not the management account of "
            f"{organization.organization_id}: {organization.management_account} is"
        )
    seen = _organization_objects(entrances, wanted, organization)
    contents, unreadable = _all_contents(entrances, wanted, seen, refresh)
    return replace(seen, contents=contents, unreadable=unreadable, refreshed=refresh)


def observe_accounts_of(
    entrances: Entrances, wanted: Wanted
) -> tuple[str | None, dict[str, ObservedAccount]]:
    """Read the organization's id (None where there is none), and the accounts with their places
    alone, by the file's name or else their id."""
    connection, who = entrances.connection, entrances.management()
    organization = observe_organization(connection, who)
    if organization is None:
        return None, {}
    units = observe_units(connection, who, organization.root_id, wanted.platform)
    found = observe_accounts(connection, who, organization.root_id, units)
    named = name_accounts(wanted, found, organization.management_account)
    return organization.organization_id, named


def _organization_objects(
    entrances: Entrances, wanted: Wanted, organization: ObservedOrganization
) -> Observed:
    connection, who = entrances.connection, entrances.management()
    platform, root = wanted.platform, organization.root_id
    units = observe_units(connection, who, root, platform)
    found = observe_accounts(connection, who, root, units)
    accounts = name_accounts(wanted, found, organization.management_account)
    wanted_types = {t for o in wanted.of_kind(Organization) for t in o.policy_types}
    types = sorted((wanted_types | set(POLICY_TYPES)) & set(organization.policy_types))
    policies = observe_policies(connection, who, types, platform)
    targets = {root: "root"}
    targets |= {unit.unit_id: f"ou/{path}" for path, unit in units.items()}
    targets |= {account.account_id: f"account/{name}" for name, account in accounts.items()}
    attachments = observe_attachments(connection, who, policies, targets)
    seen = Observed(organization, units, accounts, policies, attachments)
    registrations = wanted.of_kind(Registration)
    if registrations:
        governed = observe_registrations(connection, who, units, registrations)
        seen = replace(seen, registrations=governed)
    if any(one.governed for one in wanted.of_kind(Organization)):
        controls = observe_controls(connection, who, units)
        seen = replace(seen, controls=marked(connection, who, controls, wanted))
    return seen


def _all_contents(
    entrances: Entrances, wanted: Wanted, seen: Observed, refresh: bool
) -> tuple[dict[str, ObservedContents], dict[str, str]]:
    names = [a.name for a in wanted.of_kind(Account) if _readable(seen.accounts.get(a.name))]
    with ThreadPoolExecutor(entrances.connection.parallel, thread_name_prefix="observe") as pool:
        results = list(
            pool.map(
                lambda name: _contents(entrances, wanted, name, seen.accounts[name], refresh),
                names,
            )
        )
    contents = {n: r for n, r in zip(names, results, strict=True) if not isinstance(r, str)}
    unreadable = {n: r for n, r in zip(names, results, strict=True) if isinstance(r, str)}
    for name, account in seen.accounts.items():
        if account.ou == SUSPENDED:
            unreadable[name] = "it stands in Suspended; what it holds is seen once it is moved back"
    return contents, unreadable


def _readable(account: ObservedAccount | None) -> bool:
    return account is not None and is_usable(account) and account.ou != SUSPENDED


def _contents(
    entrances: Entrances, wanted: Wanted, name: str, account: ObservedAccount, refresh: bool
) -> ObservedContents | str:
    connection, account_id = entrances.connection, account.account_id
    names = frozenset(s.name for s in wanted.of_kind(Stack) if s.account == name)
    try:
        who = entrances.member(account_id)
        stacks = observe_stacks(connection, who, wanted.platform, names, refresh=refresh)
        defaults, door = None, None
        if _has_defaults(wanted.of_kind(AccountDefaults), name):
            defaults = observe_defaults(connection, who, account_id)
        if not _is_management(wanted, name):
            door = observe_door(connection, who, account_id)
        recorder = observe_recorder(connection, who) if name in recorded_accounts(wanted) else None
    except NoEntry as error:
        return str(error)
    except ClientError as error:
        if is_denied(error):
            return f"it cannot be read: {code(error)} for {error.operation_name}"
        raise
    return ObservedContents(defaults, stacks, door, recorder)


def _has_defaults(defaults: Iterable[AccountDefaults], account: str) -> bool:
    return any(d.account == account for d in defaults)


def _is_management(wanted: Wanted, name: str) -> bool:
    return any(a.name == name and a.kind == MANAGEMENT_KIND for a in wanted.of_kind(Account))

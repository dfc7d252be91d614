"""Wanted and observed in, a plan out. Pure: the same two values always give the same plan."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from landrail.plan.codec import basis, sealed
from landrail.plan.contents import defaults_change, door_change
from landrail.plan.governing import control_change, registration_change, unwanted_controls
from landrail.plan.known import known_values
from landrail.plan.observed import Observed
from landrail.plan.order import dependencies, guarded_accounts
from landrail.plan.organization import (
    account_change,
    account_notices,
    organization_change,
    unit_change,
    unwanted_units,
)
from landrail.plan.policies import (
    attachment_change,
    policy_change,
    unattached_notices,
    unwanted_policies,
)
from landrail.plan.recorders import recorder_changes, with_room
from landrail.plan.safety import safe
from landrail.plan.stacks import Previews, removed_stacks, stack_change
from landrail.plan.values import Action, Change, Notice, Plan
from landrail.resources import (
    Account,
    AccountDefaults,
    Address,
    Attachment,
    EnabledControl,
    Organization,
    OrganizationalUnit,
    Policy,
    Registration,
    Resource,
    Stack,
    Token,
    Wanted,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Given:
    """What a plan is made for: the file with its digest, and the addresses accepted by hand."""

    file: str
    file_digest: str
    accept: frozenset[str] = frozenset()


def make_plan(wanted: Wanted, observed: Observed, given: Given, previews: Previews) -> Plan:
    """Return the plan that turns the observed into the wanted."""
    waits_for = dependencies(wanted)
    compared = _Compared(wanted, observed, known_values(observed), previews, given.accept)
    changes = [compared.change(resource) for resource in wanted.resources]
    changes += [door_change(account, observed) for account in guarded_accounts(wanted)]
    ordered = [dataclasses.replace(c, depends_on=waits_for[c.address]) for c in changes]
    removed, notices = _unwanted(wanted, observed, given.accept)
    room = tuple(recorder_changes(wanted, observed))
    all_changes = safe(wanted, observed, with_room(wanted, (*ordered, *removed, *room)))
    return sealed(
        Plan(
            platform=wanted.platform,
            purpose="apply",
            file=given.file,
            file_digest=given.file_digest,
            basis=basis(given.file_digest, wanted, observed),
            changes=all_changes,
            notices=(*notices, *unattached_notices(wanted)),
            accepted=tuple(sorted(given.accept)),
            refreshed=observed.refreshed,
        )
    )


def previewable(plan: Plan, observed: Observed) -> tuple[Address, ...]:
    """Return the stacks that exist and would change: those a change set can tell more about."""
    return tuple(
        c.address
        for c in plan.changes
        if c.address.kind == "stack"
        and c.action in (Action.UPDATE, Action.REPLACE, Action.REFUSED)
        and (c.facts.get("template") or c.facts.get("drift"))
        and _stands(c.address, observed)
    )


def _stands(address: Address, observed: Observed) -> bool:
    contents = observed.contents.get(address.scope)
    return contents is not None and address.name in contents.stacks


@dataclasses.dataclass(frozen=True, slots=True)
class _Compared:
    wanted: Wanted
    observed: Observed
    values: dict[Token, str]
    previews: Previews
    accept: frozenset[str]

    def change(self, resource: Resource) -> Change:
        return _COMPARISONS[type(resource)](resource, self)


_COMPARISONS: Mapping[type, Callable[[Any, _Compared], Change]] = {
    Organization: lambda r, c: organization_change(r, c.observed),
    OrganizationalUnit: lambda r, c: unit_change(r, c.observed),
    Account: lambda r, c: account_change(c.wanted.platform, r, c.observed),
    Policy: lambda r, c: policy_change(r, c.observed, c.values),
    Attachment: lambda r, c: attachment_change(r, c.observed),
    Registration: lambda r, c: registration_change(r, c.wanted, c.observed),
    EnabledControl: lambda r, c: control_change(r, c.observed),
    AccountDefaults: lambda r, c: defaults_change(r, c.observed),
    Stack: lambda r, c: stack_change(
        c.wanted.platform, r, c.observed, c.values, c.previews, c.accept
    ),
}


def _unwanted(
    wanted: Wanted, observed: Observed, accept: frozenset[str]
) -> tuple[tuple[Change, ...], tuple[Notice, ...]]:
    policies, policy_notices = unwanted_policies(wanted, observed)
    units, unit_notices = unwanted_units(wanted, observed, _by_target(policies))
    stacks = tuple(removed_stacks(wanted, observed, accept))
    unreadable = _unreadable(wanted, observed)
    notices = (*account_notices(wanted, observed), *unit_notices, *policy_notices, *unreadable)
    controls = unwanted_controls(wanted, observed)
    return (*policies, *units, *stacks, *controls), notices


def _by_target(changes: Iterable[Change]) -> dict[str, list[Address]]:
    """Return the attachments that are taken away, by their target."""
    found: dict[str, list[Address]] = {}
    for change in changes:
        if change.address.kind == "attachment":
            target = change.address.name.partition(" -> ")[2]
            found.setdefault(target, []).append(change.address)
    return found


def _unreadable(wanted: Wanted, observed: Observed) -> Iterator[Notice]:
    for account in _names(wanted.of_kind(Account)):
        if account in observed.unreadable:
            yield Notice(account, observed.unreadable[account])
        contents = observed.contents.get(account)
        for stack in contents.stacks.values() if contents is not None else ():
            if stack.unchecked:
                summary = f"drift of stack {stack.name} is not fully known: {stack.unchecked}"
                yield Notice(account, summary)


def _names(accounts: Iterable[Account]) -> Iterator[str]:
    for account in accounts:
        yield account.name

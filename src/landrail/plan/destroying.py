"""The plan that takes a platform down: stacks in reverse, then the accounts moved to Suspended,
the guardrails last. Data, keys and accounts are kept and listed; the way in is kept too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from landrail.plan.codec import basis, sealed
from landrail.plan.compare import Given
from landrail.plan.governed import GOVERNED, is_governed
from landrail.plan.graph import reverse
from landrail.plan.marks import MANAGEMENT_KIND, SUSPENDED
from landrail.plan.observed import Observed, ObservedStack
from landrail.plan.order import dependencies, door_address, is_baseline, stack_references
from landrail.plan.organization import is_usable
from landrail.plan.templates import retained, titled
from landrail.plan.values import Action, Change, Notice, Plan
from landrail.resources import Account, Address, Attachment, OrganizationalUnit, Stack, Wanted


def make_destroy_plan(
    wanted: Wanted,
    observed: Observed,
    given: Given,
    include_data: frozenset[str],
    released: Mapping[str, tuple[str, ...]],
) -> Plan:
    """Return the plan; `include_data` names the accounts whose data and keys go as well, `released`
    has by account the stacks of models, which only their pipelines may change."""
    changes: list[Change] = []
    stacks = _stacks(wanted, observed, include_data)
    changes += _ordered(wanted, stacks)
    changes += _doors(wanted, changes)
    moves = tuple(_moves(wanted, observed, changes))
    changes += moves
    changes += _organization(wanted, observed, tuple(c.address for c in moves))
    return sealed(
        Plan(
            platform=wanted.platform,
            purpose="destroy",
            file=given.file,
            file_digest=given.file_digest,
            basis=basis(given.file_digest, wanted, observed),
            changes=tuple(changes),
            notices=(*_notices(wanted, observed), *_running(released)),
            accepted=tuple(sorted(include_data)),
            refreshed=observed.refreshed,
        )
    )


def kept(plan: Plan) -> tuple[str, ...]:
    """Return a line for everything that a destroy keeps."""
    return tuple(
        f"{change.address}: {change.reason}"
        for change in plan.changes
        if change.action is Action.NO_OP and change.reason
    )


def _stacks(wanted: Wanted, observed: Observed, include_data: frozenset[str]) -> list[Change]:
    entrance = {s.address for s in wanted.of_kind(Stack) if _is_entrance(wanted, s)}
    changes = []
    for account, contents in sorted(observed.contents.items()):
        for name, there in sorted(contents.stacks.items()):
            address = Address(account, "stack", name)
            if there.ours:
                reason = "the way in" if address in entrance else ""
                changes.append(_stack(address, there, account in include_data, reason))
    return _with_foundations(wanted, changes)


def _with_foundations(wanted: Wanted, changes: list[Change]) -> list[Change]:
    """Keep what a kept stack stands on: a domain's network is in use as long as the domain is."""
    under = {s.address: set(stack_references(s)) for s in wanted.of_kind(Stack)}
    holders = [c.address for c in changes if c.action is Action.NO_OP]
    reasons: dict[Address, str] = {}
    while holders:
        holder = holders.pop()
        for address in under.get(holder, ()):
            if address not in reasons:
                reasons[address] = f"{holder} stands on it"
                holders.append(address)
    return [
        Change(c.address, Action.NO_OP, reason=reasons[c.address])
        if c.action is Action.DELETE and c.address in reasons
        else c
        for c in changes
    ]


def _stack(address: Address, there: ObservedStack, with_data: bool, reason: str) -> Change:
    state = retained(there.template or {})
    held = ", ".join(titled(name, kind) for name, kind in sorted(state.items()))
    if not reason and not with_data and (state or there.protected):
        reason = held or "a protected stack"
    if reason:
        return Change(address, Action.NO_OP, reason=reason)
    facts = {"retained": state, "purge": with_data}
    words = f"with its data: {held}" if state else ""
    return Change(address, Action.DELETE, words, facts=facts)


def _ordered(wanted: Wanted, stacks: Iterable[Change]) -> Iterator[Change]:
    """A stack goes when everything that stands on it is gone."""
    waits_for = dependencies(wanted)
    graph = reverse({a: [d for d in on if d in waits_for] for a, on in waits_for.items()})
    baselines = {s.address for s in wanted.of_kind(Stack) if is_baseline(s)}
    for change in stacks:
        above = tuple(sorted(a for a in graph.get(change.address, ()) if a.kind == "stack"))
        baseline = change.address in baselines
        if baseline or change.facts.get("purge"):
            above = (*above, door_address(change.address.scope))
        yield Change(
            change.address,
            change.action,
            change.summary,
            reason=change.reason,
            depends_on=above,
            facts={**change.facts, "baseline": baseline},
        )


def _doors(wanted: Wanted, stacks: Iterable[Change]) -> list[Change]:
    """Where the platform role goes, the first door is opened again, or nobody could come back."""
    baselines = {s.address for s in wanted.of_kind(Stack) if is_baseline(s)}
    going = [c.address for c in stacks if c.action is Action.DELETE]
    return [
        Change(door_address(a.scope), Action.UPDATE, "opened to the management account")
        for a in sorted(going)
        if a in baselines
    ]


def _moves(wanted: Wanted, observed: Observed, inside: Iterable[Change]) -> Iterator[Change]:
    emptied: dict[str, list[Address]] = {}
    for change in inside:
        emptied.setdefault(change.address.scope, []).append(change.address)
    for account in wanted.of_kind(Account):
        there = observed.accounts.get(account.name)
        if account.kind == MANAGEMENT_KIND or account.governed or there is None:
            continue
        if there.ou == SUSPENDED or not is_usable(there):
            continue
        words = f"moved from {there.ou or 'the root'} to {SUSPENDED}"
        after = tuple(emptied.get(account.name, ()))
        yield Change(account.address, Action.UPDATE, words, depends_on=after)


def _organization(
    wanted: Wanted, observed: Observed, moved: tuple[Address, ...]
) -> Iterator[Change]:
    """Guardrails last: off their targets, then deleted, but for what holds Suspended shut."""
    ours = {name for name, policy in observed.policies.items() if policy.ours}
    holding = {a.policy for a in observed.attachments if a.target == f"ou/{SUSPENDED}"}
    detached: list[Address] = []
    for found in sorted(observed.attachments):
        if found.policy in ours and found.target != f"ou/{SUSPENDED}":
            address = Attachment(found.policy, found.target).address
            detached.append(address)
            yield Change(address, Action.DELETE, depends_on=moved)
    for name in sorted(ours - holding):
        address = Address("organization", "policy", name)
        yield Change(address, Action.DELETE, depends_on=(*moved, *detached))
    yield from _units(wanted, observed, (*moved, *detached))


def _units(wanted: Wanted, observed: Observed, after: tuple[Address, ...]) -> Iterator[Change]:
    known = {a.name for a in wanted.of_kind(Account)}
    strangers = {a.ou for n, a in observed.accounts.items() if n not in known and a.ou}
    for path, unit in sorted(observed.units.items()):
        if not unit.ours or path == SUSPENDED:
            continue
        if any(s == path or s.startswith(f"{path}/") for s in strangers):
            continue
        below = [p for p in observed.units if p.startswith(f"{path}/")]
        upon = tuple(OrganizationalUnit(p, None).address for p in below)
        address = OrganizationalUnit(path, None).address
        if is_governed(path, observed):
            yield Change(address, Action.NO_OP, reason=GOVERNED)
            continue
        yield Change(address, Action.DELETE, depends_on=(*after, *upon))


def _notices(wanted: Wanted, observed: Observed) -> Iterator[Notice]:
    reasons: Mapping[str, str] = observed.unreadable
    for account in wanted.of_kind(Account):
        if account.name in reasons:
            yield Notice(account.name, reasons[account.name])


def _running(released: Mapping[str, tuple[str, ...]]) -> Iterator[Notice]:
    for account, names in sorted(released.items()):
        for name in names:
            yield Notice(
                account,
                f"stack {name} of a released model stays, and its endpoint keeps running",
                "delete it before as break-glass, or after from the account itself",
            )


def _is_entrance(wanted: Wanted, stack: Stack) -> bool:
    management = {a.name for a in wanted.of_kind(Account) if a.kind == MANAGEMENT_KIND}
    return stack.account in management and is_baseline(stack)

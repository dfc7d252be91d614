"""The order in which guardrails change: every gain before every loss.

While a plan is performed, no account is less protected than it was before or shall be after: what
is added stands before anything goes, accounts move in between. A policy that both gains and loses
is written in the middle; where two such would trade statements, the change is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from landrail.plan.codec import canonical
from landrail.plan.graph import cycle
from landrail.plan.known import known_values
from landrail.plan.observed import Observed
from landrail.plan.order import timeless
from landrail.plan.values import Action, Change
from landrail.resources import Address, Policy, Wanted, substitute

_ACCOUNT = "account"
_FULL_ACCESS = 1
"""What AWS itself attaches to every target, and it counts."""


def safe(wanted: Wanted, observed: Observed, changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes with what they wait for, so that no moment of the walk is a gap."""
    phases = _Phases.of(wanted, observed, changes)
    ordered = (phases.ordered(change) for change in changes)
    return tuple(_pressed(wanted, observed, _traded(phases, tuple(ordered))))


@dataclass(slots=True)
class _Phases:
    """Addresses by what their changes do to the protection."""

    gaining: list[Address] = field(default_factory=list)
    both: dict[Address, _Written] = field(default_factory=dict)
    losing: set[Address] = field(default_factory=set)
    moving: list[Address] = field(default_factory=list)
    leaving: bool = False
    """Whether an account moves from one OU to another."""
    before_accounts: list[Address] = field(default_factory=list)
    """Of the gains those that need no account: new accounts and moves wait for them."""

    @classmethod
    def of(cls, wanted: Wanted, observed: Observed, changes: Sequence[Change]) -> _Phases:
        policies = {policy.address: policy for policy in wanted.of_kind(Policy)}
        values = known_values(observed)
        phases = cls()
        for change in changes:
            if change.address.kind == "policy":
                phases._policy(change, policies.get(change.address), observed, values)
            elif change.address.kind == "attachment":
                if change.action is Action.DELETE:
                    phases.losing.add(change.address)
                elif change.action is Action.CREATE:
                    phases.gaining.append(change.address)
            elif change.address.kind == _ACCOUNT and _moves(change):
                phases.moving.append(change.address)
                phases.leaving |= change.action is not Action.CREATE
        early = {policy.name for policy in policies.values() if timeless(policy)}
        phases.before_accounts = [a for a in phases.gaining if _is_early(a, early)]
        return phases

    def _policy(
        self, change: Change, policy: Policy | None, observed: Observed, values: Any
    ) -> None:
        if policy is None or change.action is Action.DELETE:
            self.losing.add(change.address)
        elif change.action is Action.CREATE:
            self.gaining.append(change.address)
        elif change.action in (Action.UPDATE, Action.ADOPT):
            old = _contents(observed.policies[policy.name].document)
            new = _contents(substitute(policy.document, values))
            written = _Written(new - old, old - new, policy.name)
            if written.gained and written.lost:
                self.both[change.address] = written
            elif written.lost:
                self.losing.add(change.address)
            else:
                self.gaining.append(change.address)

    def ordered(self, change: Change) -> Change:
        """Return a change with what it waits for on account of its phase."""
        address = change.address
        waits = change.depends_on
        if address in self.losing:
            waits = (*waits, *self.gaining, *self.both, *self.moving)
        elif address in self.both:
            waits = (*waits, *self.gaining, *self.moving)
        elif address.kind == _ACCOUNT and _moves(change):
            waits = (*waits, *self.before_accounts)
        elif address.kind == "attachment":
            # What the policy loses it loses last: nobody waits for that.
            waits = tuple(a for a in waits if a not in self.losing and a not in self.both)
        kept = tuple(dict.fromkeys(a for a in waits if a != address))
        return change if kept == change.depends_on else replace(change, depends_on=kept)


@dataclass(frozen=True, slots=True)
class _Written:
    """What a policy gains and loses by being written again."""

    gained: frozenset[str]
    lost: frozenset[str]
    name: str


def _traded(phases: _Phases, changes: tuple[Change, ...]) -> Iterator[Change]:
    """Order the policies that gain and lose among each other: who takes a statement over before
    who gives it up; those that would trade are refused."""
    waits = {
        loser: [
            gainer
            for gainer, taken in phases.both.items()
            if gainer != loser and taken.gained & given.lost
        ]
        for loser, given in phases.both.items()
    }
    trading = set(cycle(waits) or ()) if len(waits) > 1 else set()
    trading |= set(phases.both) if phases.leaving else set()
    for change in changes:
        if change.address in trading:
            yield replace(change, action=Action.REFUSED, reason=_NO_ROOM)
        elif change.address in waits:
            yield replace(change, depends_on=(*change.depends_on, *waits[change.address]))
        else:
            yield change


_NO_ROOM = (
    "it would gain statements and lose others while accounts or other policies wait for both, and "
    "there is no room for another policy: change fewer guardrails, apply, and then the others"
)


def _pressed(wanted: Wanted, observed: Observed, changes: Iterator[Change]) -> Iterator[Change]:
    """Refuse attachments for which a target has no room while the old ones are still there."""
    policies: Mapping[str, Policy] = {p.name: p for p in wanted.of_kind(Policy)}
    known = {name: policy.type for name, policy in observed.policies.items()}
    known |= {name: policy.type for name, policy in policies.items()}
    there: dict[tuple[str, str], set[str]] = {}
    for found in observed.attachments:
        there.setdefault((known.get(found.policy, ""), found.target), set()).add(found.policy)
    for change in changes:
        name, _, target = change.address.name.partition(" -> ")
        policy = policies.get(name)
        if (
            change.address.kind != "attachment"
            or change.action is not Action.CREATE
            or policy is None
            or policy.pool is None
        ):
            yield change
            continue
        held = there.setdefault((policy.type, target), set())
        held.add(name)
        if len(held) > policy.pool.most:
            count, most = len(held) + _FULL_ACCESS, policy.pool.most + _FULL_ACCESS
            others = ", ".join(sorted(n for n in held if n not in policies)) or "none"
            yield replace(
                change,
                action=Action.REFUSED,
                reason=f"{target} would have {count} policies until the old ones are gone, AWS "
                f"takes {most} (not of this file: {others}): detach one, or write `quotas`",
            )
        else:
            yield change


def _contents(document: Mapping[str, Any]) -> frozenset[str]:
    """Return what a document says, statement by statement, or of another type value by value."""
    if "Statement" not in document:
        return frozenset(_values(document, ""))
    listed = document["Statement"]
    return frozenset(canonical(s) for s in (listed if isinstance(listed, list) else [listed]))


def _values(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _values(inner, f"{path}/{key}")
    else:
        yield f"{path}={canonical(value)}"


def _moves(change: Change) -> bool:
    if change.action is Action.CREATE:
        return True
    return any(detail.name == "ou" for detail in change.details)


def _is_early(address: Address, early: set[str]) -> bool:
    policy, _, target = address.name.partition(" -> ")
    return policy in early and not target.startswith("account/")

"""Comparing policies and their attachments, statement by statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.diagnostics import counted
from landrail.plan.codec import canonical
from landrail.plan.observed import Observed, ObservedAttachment, ObservedPolicy
from landrail.plan.organization import holding_units, moving_out
from landrail.plan.values import Action, Change, Detail, Difference, Effect, Notice
from landrail.resources import (
    Account,
    Address,
    Attachment,
    EnabledControl,
    OrganizationalUnit,
    Policy,
    Registration,
    Token,
    Wanted,
    substitute,
)

_CHARACTERS = {"SERVICE_CONTROL_POLICY": 10_240, "RESOURCE_CONTROL_POLICY": 5_120}
"""AWS's quotas for one policy (that of service control policies was raised in May 2026)."""
_OTHERS = 10_000
_TOWER = "aws-guardrails-"
"""How the names of Control Tower's policies begin: expected where it governs."""


def policy_change(policy: Policy, observed: Observed, values: dict[Token, str]) -> Change:
    """Compare one policy by value."""
    document = substitute(policy.document, values)
    there = observed.policies.get(policy.name)
    most = policy.pool.characters if policy.pool else _CHARACTERS.get(policy.type, _OTHERS)
    facts: dict[str, Any] = {"characters": len(canonical(document)), "of": most}
    facts["type"] = policy.type
    if policy.pool is not None:
        facts["room"] = policy.pool.most
    if there is None:
        details = tuple(_statement_details({}, _statements(document)))
        summary = counted(len(details), "statement")
        return Change(policy.address, Action.CREATE, summary, details, facts=facts)
    if there.aws_managed or there.type != policy.type:
        reason = f"`{policy.name}` is taken by another policy ({there.type})"
        return Change(policy.address, Action.REFUSED, reason=reason, facts=facts)
    details = tuple(_policy_details(policy, document, there))
    if not there.ours:
        reason = "made by others; taken over by its name"
        return Change(policy.address, Action.ADOPT, _counted(details), details, reason, facts=facts)
    action = Action.UPDATE if details else Action.NO_OP
    return Change(policy.address, action, _counted(details), details, facts=facts)


def attachment_change(attachment: Attachment, observed: Observed) -> Change:
    """Compare one attachment: there or not."""
    there = ObservedAttachment(attachment.policy, attachment.target) in observed.attachments
    return Change(attachment.address, Action.NO_OP if there else Action.CREATE)


def unwanted_policies(
    wanted: Wanted, observed: Observed
) -> tuple[tuple[Change, ...], tuple[Notice, ...]]:
    """Return the changes that take away policies and attachments of ours that the file no longer
    asks for, and notices of the policies of others on our targets. What guards an account that
    stands outside the file stays: leaving the file is no way out of the guardrails."""
    policies = {p.name for p in wanted.of_kind(Policy)}
    attachments = {(a.policy, a.target) for a in wanted.of_kind(Attachment)}
    settled = tuple(a.address for a in wanted.of_kind(Attachment))
    guarded = _guarded_outside(wanted, observed)
    tower = bool(wanted.of_kind(Registration) or wanted.of_kind(EnabledControl))
    still_used = {a.policy for a in observed.attachments if a.target in guarded}
    moving = moving_out(wanted, observed)
    changes: list[Change] = []
    notices: list[Notice] = []
    detached: dict[str, list[Address]] = {}
    for found in sorted(observed.attachments):
        policy = observed.policies.get(found.policy)
        if (found.policy, found.target) in attachments or policy is None or policy.aws_managed:
            continue
        if policy.ours:
            if found.target in guarded:
                continue
            address = Attachment(found.policy, found.target).address
            detached.setdefault(found.policy, []).append(address)
            after = (*settled, *_left_under(found.target, moving))
            changes.append(Change(address, Action.DELETE, depends_on=after))
        elif found.policy not in policies and not (tower and found.policy.startswith(_TOWER)):
            notices.append(
                Notice(
                    "organization",
                    f"policy {found.policy} on {found.target} is not of this platform",
                    "left as it is; it takes part in every decision there",
                )
            )
    for name, policy in sorted(observed.policies.items()):
        if policy.ours and name not in policies and name not in still_used:
            address = Address("organization", "policy", name)
            changes.append(Change(address, Action.DELETE, depends_on=tuple(detached.get(name, ()))))
    return tuple(changes), tuple(notices)


def unattached_notices(wanted: Wanted) -> Iterator[Notice]:
    """Yield what the file does not want attached: guardrails that are only monitored, or off."""
    for one in wanted.unattached:
        where = ", ".join(target.removeprefix("ou/") for target in one.targets)
        why = f": {one.reason}" if one.reason else ""
        if one.mode == "monitor":
            summary = f"guardrail {one.guardrail} is only monitored in {where}{why}"
            remedy = "`landrail guardrails monitor` tells what it would have denied"
            yield Notice("organization", summary, remedy)
        else:
            yield Notice("organization", f"guardrail {one.guardrail} is off in {where}{why}")


def _guarded_outside(wanted: Wanted, observed: Observed) -> frozenset[str]:
    """Return the targets outside the file under which accounts stand: OUs, and accounts."""
    units = {u.name for u in wanted.of_kind(OrganizationalUnit)}
    accounts = {a.name for a in wanted.of_kind(Account)}
    outside = {f"ou/{path}" for path in holding_units(wanted, observed) - units}
    strangers = {f"account/{name}" for name in observed.accounts if name not in accounts}
    return frozenset(outside | strangers)


def _left_under(target: str, moving: Mapping[str, list[Address]]) -> tuple[Address, ...]:
    """Return the accounts that leave an OU or one below it: their guardrails hold until then."""
    path = target.removeprefix("ou/")
    return tuple(
        account
        for ou, accounts in moving.items()
        if ou == path or ou.startswith(f"{path}/")
        for account in accounts
    )


def _policy_details(
    policy: Policy, document: Mapping[str, Any], there: ObservedPolicy
) -> Iterator[Detail]:
    yield from _statement_details(_statements(there.document), _statements(document))
    rest = {k: v for k, v in document.items() if k != "Statement"}
    old = {k: v for k, v in there.document.items() if k != "Statement"}
    if canonical(rest) != canonical(old):
        yield Detail("document", Effect.IN_PLACE, differences=(Difference("document", old, rest),))
    if policy.description != there.description:
        changed = Difference("description", there.description, policy.description)
        yield Detail("description", Effect.IN_PLACE, differences=(changed,))


def _statement_details(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Detail]:
    for sid in dict.fromkeys((*after, *before)):
        old, new = before.get(sid), after.get(sid)
        if canonical(old) == canonical(new):
            continue
        effect = Effect.ADD if old is None else Effect.REMOVE if new is None else Effect.IN_PLACE
        yield Detail(sid, effect, differences=(Difference("statement", old, new),))


def _statements(document: Mapping[str, Any]) -> dict[str, Any]:
    listed = document.get("Statement", [])
    statements = listed if isinstance(listed, list | tuple) else [listed]
    named: dict[str, Any] = {}
    for number, statement in enumerate(statements, start=1):
        sid = statement.get("Sid") or f"statement {number}"
        named[sid if sid not in named else f"{sid} ({number})"] = statement
    return named


def _counted(details: tuple[Detail, ...]) -> str:
    words = []
    for effect, sign in ((Effect.ADD, "+"), (Effect.IN_PLACE, "~"), (Effect.REMOVE, "-")):
        names = [d.name for d in details if d.effect is effect]
        if names:
            words.append(f"{sign}{len(names)} ({', '.join(names)})")
    return " ".join(words)

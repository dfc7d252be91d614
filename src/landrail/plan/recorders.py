"""One recorder of Config in an account and region: whose it is, and how it changes hands.

Control Tower enrols no account that has a recorder, and AWS takes no second one. Recorders of this
platform make room before an OU is registered; of anybody else's none is touched, the plan says what
to do. What calls are made is logged all the while, by the trail of the organization.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from landrail.plan.observed import Observed
from landrail.plan.order import registered
from landrail.plan.values import Action, Change
from landrail.resources import Account, Address, Registration, Stack, Wanted

RECORDER, CHANNEL = "AWS::Config::ConfigurationRecorder", "AWS::Config::DeliveryChannel"
KIND = "recorder"
TOWER = "aws-controltower-"
"""How the name of Control Tower's recorders begins."""
_MAKES_ROOM = "makes room for Control Tower's: nothing is recorded until the account is enrolled"
_DELETE_IT = (
    "delete it there with its delivery channel (`aws configservice stop-configuration-recorder`, "
    "`delete-delivery-channel`, `delete-configuration-recorder`) if nobody needs it, and plan again"
)


def recorded_accounts(wanted: Wanted) -> frozenset[str]:
    """Return the accounts of which has to be known who records them: where a stack makes a
    recorder, and where Control Tower shall."""
    units = {one.unit for one in wanted.of_kind(Registration)}
    inside = {account.name for account in wanted.of_kind(Account) if account.ou in units}
    return frozenset(inside | {stack.account for stack, _ in _made(wanted)})


def recorder_changes(wanted: Wanted, observed: Observed) -> Iterator[Change]:
    """Yield the recorders that make room for Control Tower's, and those in the way, refused."""
    made = {stack.account: (stack, name) for stack, name in _made(wanted)}
    ours = {name: stack.name for stack, name in made.values()}
    unit_of = {account.name: account.ou for account in wanted.of_kind(Account)}
    for account, contents in sorted(observed.contents.items()):
        found = contents.recorder
        if found is None:
            continue
        if account in made:
            if found != made[account][1]:
                yield _refused(account, found, _instead_of_ours(found))
            continue
        if found.startswith(TOWER) or account not in recorded_accounts(wanted):
            continue
        stack = contents.stacks.get(ours.get(found, ""))
        if stack is None or not stack.ours:
            yield _refused(account, found, f"Control Tower does not enrol it: {_DELETE_IT}")
            continue
        address = Address(account, KIND, stack.name)
        after = _before_it(wanted, account, unit_of[account])
        yield Change(address, Action.DELETE, _MAKES_ROOM, depends_on=after)


def with_room(wanted: Wanted, changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes with registrations after the recorders that make room below their OUs:
    what an upper OU gets forbids it in the lower ones."""
    listed = tuple(changes)
    homes = {account.name: account.ou or "" for account in wanted.of_kind(Account)}
    leaving = [c.address for c in listed if c.address.kind == KIND and c.action is Action.DELETE]
    units = {registered(one.unit): one.unit for one in wanted.of_kind(Registration)}

    def after(change: Change) -> Change:
        unit = units.get(change.address)
        if unit is None:
            return change
        room = tuple(a for a in leaving if f"{homes[a.scope]}/".startswith(f"{unit}/"))
        return replace(change, depends_on=(*change.depends_on, *room)) if room else change

    return tuple(after(change) for change in listed)


def without_recorder(template: Mapping[str, Any]) -> dict[str, Any]:
    """Return a template without its recorder and delivery channel, and nothing waiting for them."""
    kept = {
        name: body
        for name, body in template.get("Resources", {}).items()
        if body["Type"] not in (RECORDER, CHANNEL)
    }
    return {**template, "Resources": {name: _waiting(body, kept) for name, body in kept.items()}}


def _waiting(body: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    given = body.get("DependsOn", ())
    names = [n for n in ([given] if isinstance(given, str) else given) if n in kept]
    rest = {key: value for key, value in body.items() if key != "DependsOn"}
    return {**rest, "DependsOn": names} if names else rest


def _made(wanted: Wanted) -> Iterator[tuple[Stack, str]]:
    """Yield the stacks that make a recorder, with its name."""
    for stack in wanted.of_kind(Stack):
        for body in stack.template.get("Resources", {}).values():
            if body["Type"] == RECORDER:
                yield stack, str(body["Properties"].get("Name", ""))


def _before_it(wanted: Wanted, account: str, unit: str | None) -> tuple[Address, ...]:
    """What stands before recording pauses: the account in its OU, the roles, every policy."""
    kinds = ("policy", "attachment")
    return (
        Address("organization", "account", account),
        *(r.address for r in wanted.resources if r.address.kind in kinds),
        *(s.address for s in wanted.of_kind(Stack) if s.entered_by != "platform"),
        *([Address("organization", "ou", unit)] if unit else ()),
    )


def _instead_of_ours(found: str) -> str:
    if not found.startswith(TOWER):
        return f"an account takes one recorder, and this one is not of this platform: {_DELETE_IT}"
    return (
        "Control Tower records this account: write `control_tower: existing`; or let it go first: "
        "disable the controls and then the baseline of its OU (`aws controltower "
        "list-enabled-controls`, `disable-control`, `list-enabled-baselines`, `disable-baseline`), "
        "the lower OUs before the upper ones, and plan again"
    )


def _refused(account: str, name: str, reason: str) -> Change:
    return Change(Address(account, KIND, name), Action.REFUSED, reason=reason)

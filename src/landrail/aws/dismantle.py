"""Performing one change of a destroy: stacks, doors, accounts moved away, guardrails, OUs."""

from __future__ import annotations

from collections.abc import Callable

from landrail.aws.accounts import move_account
from landrail.aws.changesets import Progress
from landrail.aws.deploying import entered, remove_stack
from landrail.aws.doors import open_door
from landrail.aws.entering import NoEntry
from landrail.aws.errors import CallError, ChangeFailed, message
from landrail.aws.policies import remove_attachment, remove_policy
from landrail.aws.purging import purge, retained_resources
from landrail.aws.sessions import Identity
from landrail.aws.units import remove_unit
from landrail.aws.world import World
from landrail.plan.marks import SUSPENDED
from landrail.plan.values import Change
from landrail.resources import Address

Kept = Callable[[str], None]


def dismantle(world: World, change: Change, progress: Progress, kept: Kept) -> None:
    """Take one thing down; `kept` hears of everything that stays. Raises ChangeFailed."""
    address = change.address
    try:
        if address.kind == "stack":
            _stack(world, change, progress, kept)
        elif address.kind == "access":
            open_door(world, world.id("account", address.scope))
        elif address.kind == "account":
            move_account(world, world.id("account", address.name), SUSPENDED)
        elif address.kind == "attachment":
            remove_attachment(world, address)
        elif address.kind == "policy":
            remove_policy(world, address)
        elif address.kind == "ou":
            remove_unit(world, address)
        else:
            raise ChangeFailed(f"a destroy does not know what to do with {address}")
    except CallError as error:
        raise ChangeFailed(message(error)) from error


def _stack(world: World, change: Change, progress: Progress, kept: Kept) -> None:
    address = change.address
    baseline = bool(change.facts.get("baseline"))
    who = _by_first_door(world, address) if baseline else entered(world, address.scope)
    held = {}
    if change.facts.get("purge"):
        held = retained_resources(world, who, address.name, change.facts.get("retained", {}))
    remove_stack(world, who, address, progress)
    for line in purge(world, address, held):
        kept(line)


def _by_first_door(world: World, address: Address) -> Identity:
    """Nobody can saw off the branch they sit on: a baseline holds the platform role itself."""
    try:
        return world.entrances.first_door(world.id("account", address.scope))
    except NoEntry as error:
        raise ChangeFailed(str(error)) from error

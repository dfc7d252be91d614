"""Performing one change of a plan: the mapping from kinds of things to the functions that change
them. Each returns when the thing is as wanted, or raises ChangeFailed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from landrail.aws.accounts import change_account
from landrail.aws.changesets import Progress
from landrail.aws.controls import change_control, remove_control
from landrail.aws.defaults import change_defaults
from landrail.aws.deploying import change_stack, entered, remove_stack
from landrail.aws.doors import close_door
from landrail.aws.errors import CallError, ChangeFailed, message
from landrail.aws.governing import change_registration
from landrail.aws.organization import change_organization
from landrail.aws.policies import (
    change_attachment,
    change_policy,
    remove_attachment,
    remove_policy,
)
from landrail.aws.recorders import hand_over
from landrail.aws.units import change_unit, remove_unit
from landrail.aws.world import World
from landrail.plan.values import Action, Change
from landrail.resources import Address, Resource

_Changer = Callable[[World, Any, Change, Progress], None]
_Remover = Callable[[World, Address, Progress], None]

_CHANGERS: Mapping[str, _Changer] = {
    "organization": lambda world, wanted, change, _: change_organization(world, wanted, change),
    "ou": lambda world, wanted, change, _: change_unit(world, wanted, change),
    "account": lambda world, wanted, change, _: change_account(world, wanted, change),
    "policy": lambda world, wanted, change, _: change_policy(world, wanted, change),
    "attachment": lambda world, wanted, change, _: change_attachment(world, wanted, change),
    "defaults": lambda world, wanted, change, _: change_defaults(world, wanted, change),
    "stack": change_stack,
    "registration": change_registration,
    "control": change_control,
}
_REMOVERS: Mapping[str, _Remover] = {
    "control": remove_control,
    "recorder": hand_over,
    "ou": lambda world, address, _: remove_unit(world, address),
    "policy": lambda world, address, _: remove_policy(world, address),
    "attachment": lambda world, address, _: remove_attachment(world, address),
    "stack": lambda world, address, progress: remove_stack(
        world, entered(world, address.scope), address, progress
    ),
}


def perform(world: World, wanted: Resource | None, change: Change, progress: Progress) -> None:
    """Make one change; `wanted` is None for what is to be taken away and for doors."""
    try:
        if change.address.kind == "access":
            close_door(world, change.address)
        elif change.action is Action.DELETE:
            _REMOVERS[change.address.kind](world, change.address, progress)
        else:
            _CHANGERS[change.address.kind](world, wanted, change, progress)
    except CallError as error:
        raise ChangeFailed(message(error)) from error

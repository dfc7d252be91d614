"""Asking Control Tower to govern: OUs registered, accounts enrolled, controls enabled.

All of it takes a while on AWS, and only a few things are done at once. Each step may be repeated:
what is there already, or under way, is waited for and not asked for again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from landrail.aws.changesets import Progress
from landrail.aws.errors import ChangeFailed, code, message
from landrail.aws.landing_zone import TOWER, observe_controls, observe_registrations
from landrail.aws.world import World
from landrail.plan.governing import UNDER_CHANGE
from landrail.plan.marks import PLATFORM_TAG
from landrail.plan.observed import ObservedRegistration, ObservedUnit
from landrail.plan.values import Action, Change
from landrail.resources import Account, Address, EnabledControl, Registration

AT_ONCE = 5
"""AWS works on five accounts at once, and takes ten operations on controls."""
_PATIENCE = 7200.0
_BUSY = ("ConflictException", "ServiceQuotaExceededException", "ThrottlingException")
_places = threading.BoundedSemaphore(AT_ONCE)


def change_registration(
    world: World, wanted: Registration, change: Change, progress: Progress
) -> None:
    """Register an OU, or enrol the accounts that it has got since."""
    with _places:
        if change.action is Action.CREATE:
            _register(world, wanted, progress)
        there = _settled(world, wanted, progress)
        if there is None:
            raise ChangeFailed(f"Control Tower knows no registration of {wanted.unit}")
        if there.version != wanted.version:
            operation = _asked(
                world,
                "UpdateEnabledBaseline",
                progress,
                enabledBaselineIdentifier=there.arn,
                baselineVersion=wanted.version,
                **_parameters(wanted),
            )
            _wait(world, operation, progress)
        elif there.status != "SUCCEEDED" or _missing(world, wanted, there):
            operation = _asked(
                world, "ResetEnabledBaseline", progress, enabledBaselineIdentifier=there.arn
            )
            _wait(world, operation, progress)


def change_control(
    world: World, wanted: EnabledControl, _change: Change, progress: Progress
) -> None:
    """Enable a control on an OU, or bring it into force again where that had failed."""
    target = _unit_arn(world, wanted.unit)
    with _places:
        end = time.monotonic() + _PATIENCE
        while True:
            there = _enabled(world, wanted)
            if there is not None and there[1] == "SUCCEEDED":
                return
            if there is None:
                _try(
                    world,
                    "EnableControl",
                    progress,
                    controlIdentifier=wanted.arn,
                    targetIdentifier=target,
                    tags={PLATFORM_TAG: world.platform},
                )
            elif there[1] != UNDER_CHANGE:
                _try(world, "ResetEnabledControl", progress, enabledControlIdentifier=there[0])
            if time.monotonic() > end:
                raise ChangeFailed("Control Tower is still busy; apply again")
            _pause(world)


def remove_control(world: World, address: Address, progress: Progress) -> None:
    """Disable a control that the file no longer asks for, and wait until it is gone."""
    name, _, target = address.name.partition(" -> ou/")
    with _places:
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            there = observe_controls(
                world.connection, world.entrances.management(), _units(world, target)
            ).get(f"{name} -> {target}")
            if there is None:
                return
            if there.status != UNDER_CHANGE:
                _try(world, "DisableControl", progress, enabledControlIdentifier=there.arn)
            _pause(world)
        raise ChangeFailed("Control Tower is still busy; apply again")


def _register(world: World, wanted: Registration, progress: Progress) -> None:
    if _observed(world, wanted) is not None:
        return
    operation = _asked(
        world,
        "EnableBaseline",
        progress,
        until=lambda: _observed(world, wanted) is not None,
        baselineIdentifier=wanted.baseline,
        baselineVersion=wanted.version,
        targetIdentifier=_unit_arn(world, wanted.unit),
        tags={PLATFORM_TAG: world.platform},
        **_parameters(wanted),
    )
    if operation is not None:
        _wait(world, operation, progress)


def _parameters(wanted: Registration) -> dict[str, Any]:
    given = [{"key": key, "value": value} for key, value in wanted.parameters.items()]
    return {"parameters": given} if given else {}


def _asked(
    world: World,
    operation: str,
    progress: Progress,
    *,
    until: Callable[[], bool] = lambda: False,
    **given: Any,
) -> str | None:
    """Begin an operation as soon as Control Tower takes it; return its identifier, or None where
    it has become needless."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if until():
            return None
        answer = _try(world, operation, progress, **given)
        if answer is not None:
            return str(answer["operationIdentifier"])
        _pause(world)
    raise ChangeFailed("Control Tower is still busy with other operations; apply again")


def _try(
    world: World, operation: str, progress: Progress, **given: Any
) -> Mapping[str, Any] | None:
    """Ask once; None where Control Tower is busy."""
    who = world.entrances.management()
    try:
        return world.connection.call(who, TOWER, operation, **given)
    except ClientError as error:
        if code(error) not in _BUSY:
            raise
        progress(f"waits for Control Tower: {message(error)}")
        return None


def _wait(world: World, operation: str | None, progress: Progress) -> None:
    """Wait until a baseline operation has ended; raises ChangeFailed with why it failed."""
    end = time.monotonic() + _PATIENCE
    who = world.entrances.management()
    while operation is not None:
        found = world.connection.call(
            who, TOWER, "GetBaselineOperation", operationIdentifier=operation
        )["baselineOperation"]
        if found["status"] == "SUCCEEDED":
            return
        if found["status"] == "FAILED":
            raise ChangeFailed(f"Control Tower: {found.get('statusMessage', 'it failed')}")
        if time.monotonic() > end:
            raise ChangeFailed("Control Tower is still at it; apply again to go on waiting")
        progress("accounts are being enrolled")
        _pause(world)


def _settled(world: World, wanted: Registration, progress: Progress) -> ObservedRegistration | None:
    """Return the registration once nothing is under way about it."""
    end = time.monotonic() + _PATIENCE
    while True:
        there = _observed(world, wanted)
        if there is None or there.status != UNDER_CHANGE:
            return there
        if time.monotonic() > end:
            raise ChangeFailed("Control Tower is still at it; apply again to go on waiting")
        progress("waits for the operation that is under way")
        _pause(world)


def _observed(world: World, wanted: Registration) -> ObservedRegistration | None:
    found = observe_registrations(
        world.connection, world.entrances.management(), _units(world, wanted.unit), (wanted,)
    )
    return found.get(wanted.unit)


def _enabled(world: World, wanted: EnabledControl) -> tuple[str, str] | None:
    """Return the ARN and status of a control where it is enabled on its OU."""
    found = observe_controls(
        world.connection, world.entrances.management(), _units(world, wanted.unit)
    )
    for name in (wanted.arn.rpartition("/")[2], wanted.control):
        there = found.get(f"{name} -> {wanted.unit}")
        if there is not None:
            return there.arn, there.status
    return None


def _units(world: World, path: str) -> dict[str, ObservedUnit]:
    return {path: ObservedUnit(world.id("ou", path), path, path.rpartition("/")[2])}


def _missing(world: World, wanted: Registration, there: ObservedRegistration) -> bool:
    """Say whether an account of the OU is not enrolled yet."""
    inside = [a.name for a in world.wanted.of_kind(Account) if a.ou == wanted.unit]
    usable = [
        name
        for name in inside
        if name not in world.observed.accounts or world.observed.accounts[name].state == "ACTIVE"
    ]
    return any(world.id("account", name) not in there.enrolled for name in usable)


def _unit_arn(world: World, path: str) -> str:
    answer = world.connection.call(
        world.entrances.management(),
        "organizations",
        "DescribeOrganizationalUnit",
        OrganizationalUnitId=world.id("ou", path),
    )
    return str(answer["OrganizationalUnit"]["Arn"])


def _pause(world: World) -> None:
    time.sleep(0.05 if world.connection.is_local else 15.0)

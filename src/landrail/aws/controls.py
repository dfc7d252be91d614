"""Controls of Control Tower: enabled on OUs, brought into force again, disabled.

Each step may be repeated: what is there already, or under way, is waited for and not asked for
again. One that failed is reset, or where Control Tower does not reset it, enabled anew.
"""

from __future__ import annotations

from botocore.exceptions import ClientError

from landrail.aws.changesets import Progress
from landrail.aws.errors import code
from landrail.aws.landing_zone import observe_controls
from landrail.aws.tower import PLACES, begin, unit_arn, units, until, wait
from landrail.aws.world import World
from landrail.plan.governing import FAILED, UNDER_CHANGE
from landrail.plan.marks import PLATFORM_TAG
from landrail.plan.observed import ObservedControl
from landrail.plan.values import Change
from landrail.resources import Address, EnabledControl

_ENABLING, _DISABLING = "the control is being enabled", "the control is being disabled"
_UNDER_WAY = "waits for the operation that is under way"


def change_control(
    world: World, wanted: EnabledControl, _change: Change, progress: Progress
) -> None:
    """Enable a control on an OU, or bring it into force again where that had failed."""
    names = (wanted.arn.rpartition("/")[2], wanted.control)
    with PLACES:
        there = _settled(world, names, wanted.unit, progress)
        if there is not None and there.status == FAILED and not _reset(world, there, progress):
            _disable(world, names, wanted.unit, progress)
            there = None
        if there is None:
            operation = begin(
                world,
                "EnableControl",
                progress,
                needless=lambda: _enabled(world, names, wanted.unit) is not None,
                controlIdentifier=wanted.arn,
                targetIdentifier=unit_arn(world, wanted.unit),
                tags={PLATFORM_TAG: world.platform},
            )
            wait(world, "control", operation, _ENABLING, progress)
            _settled(world, names, wanted.unit, progress)


def remove_control(world: World, address: Address, progress: Progress) -> None:
    """Disable a control that the file no longer asks for, and wait until it is gone."""
    name, _, unit = address.name.partition(" -> ou/")
    with PLACES:
        _settled(world, (name,), unit, progress)
        _disable(world, (name,), unit, progress)


def _reset(world: World, there: ObservedControl, progress: Progress) -> bool:
    """Bring a control into force again; False where Control Tower does not reset such a one, as
    those that are policies."""
    try:
        operation = begin(
            world, "ResetEnabledControl", progress, enabledControlIdentifier=there.arn
        )
    except ClientError as error:
        if code(error) != "ValidationException":
            raise
        return False
    wait(world, "control", operation, _ENABLING, progress)
    return True


def _disable(world: World, names: tuple[str, ...], unit: str, progress: Progress) -> None:
    there = _enabled(world, names, unit)
    if there is None:
        return
    operation = begin(
        world,
        "DisableControl",
        progress,
        needless=lambda: _enabled(world, names, unit) is None,
        enabledControlIdentifier=there.arn,
    )
    wait(world, "control", operation, _DISABLING, progress)


def _settled(
    world: World, names: tuple[str, ...], unit: str, progress: Progress
) -> ObservedControl | None:
    """Return the enabled control once nothing is under way about it."""

    def at_rest() -> bool:
        there = _enabled(world, names, unit)
        return there is None or there.status != UNDER_CHANGE

    until(world, at_rest, _UNDER_WAY, progress)
    return _enabled(world, names, unit)


def _enabled(world: World, names: tuple[str, ...], unit: str) -> ObservedControl | None:
    found = observe_controls(world.connection, world.entrances.management(), units(world, unit))
    return next((found[key] for name in names if (key := f"{name} -> {unit}") in found), None)

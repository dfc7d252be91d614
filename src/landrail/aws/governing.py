"""Asking Control Tower to govern: OUs registered, accounts enrolled.

All of it takes a while on AWS. Each step may be repeated: what is there already, or under way, is
waited for and not asked for again.
"""

from __future__ import annotations

from typing import Any

from landrail.aws.changesets import Progress
from landrail.aws.errors import ChangeFailed
from landrail.aws.landing_zone import observe_registrations
from landrail.aws.tower import PLACES, begin, unit_arn, units, until, wait
from landrail.aws.world import World
from landrail.plan.governing import REPAIR, UNDER_CHANGE
from landrail.plan.marks import PLATFORM_TAG
from landrail.plan.observed import ObservedRegistration
from landrail.plan.values import Action, Change
from landrail.resources import Account, Registration

_ENROLLING = "accounts are being enrolled"


def change_registration(
    world: World, wanted: Registration, change: Change, progress: Progress
) -> None:
    """Register an OU, or enrol the accounts that it has got since."""
    with PLACES:
        if change.action is Action.CREATE:
            _register(world, wanted, progress)
        there = _settled(world, wanted, progress)
        if there is None:
            raise ChangeFailed(f"Control Tower knows no registration of {wanted.unit}")
        if there.version != wanted.version:
            operation = begin(
                world,
                "UpdateEnabledBaseline",
                progress,
                enabledBaselineIdentifier=there.arn,
                baselineVersion=wanted.version,
                **_parameters(wanted),
            )
            wait(world, "baseline", operation, _ENROLLING, progress)
        elif _is_wanting(world, wanted, there) or change.facts.get(REPAIR):
            operation = begin(
                world, "ResetEnabledBaseline", progress, enabledBaselineIdentifier=there.arn
            )
            wait(world, "baseline", operation, _ENROLLING, progress)


def _register(world: World, wanted: Registration, progress: Progress) -> None:
    if _observed(world, wanted) is not None:
        return
    operation = begin(
        world,
        "EnableBaseline",
        progress,
        needless=lambda: _observed(world, wanted) is not None,
        baselineIdentifier=wanted.baseline,
        baselineVersion=wanted.version,
        targetIdentifier=unit_arn(world, wanted.unit),
        tags={PLATFORM_TAG: world.platform},
        **_parameters(wanted),
    )
    wait(world, "baseline", operation, _ENROLLING, progress)


def _parameters(wanted: Registration) -> dict[str, Any]:
    given = [{"key": key, "value": value} for key, value in wanted.parameters.items()]
    return {"parameters": given} if given else {}


def _settled(world: World, wanted: Registration, progress: Progress) -> ObservedRegistration | None:
    """Return the registration once nothing is under way about it."""

    def at_rest() -> bool:
        there = _observed(world, wanted)
        return there is None or there.status != UNDER_CHANGE

    until(world, at_rest, "waits for the operation that is under way", progress)
    return _observed(world, wanted)


def _observed(world: World, wanted: Registration) -> ObservedRegistration | None:
    found = observe_registrations(
        world.connection, world.entrances.management(), units(world, wanted.unit), (wanted,)
    )
    return found.get(wanted.unit)


def _is_wanting(world: World, wanted: Registration, there: ObservedRegistration) -> bool:
    """Say whether a registration failed, or an account of the OU is not enrolled yet."""
    if there.status != "SUCCEEDED":
        return True
    inside = [a.name for a in world.wanted.of_kind(Account) if a.ou == wanted.unit]
    usable = [
        name
        for name in inside
        if name not in world.observed.accounts or world.observed.accounts[name].state == "ACTIVE"
    ]
    return any(world.id("account", name) not in there.enrolled for name in usable)

"""Lasting operations of Control Tower: begun as soon as it takes them, waited for until they end.

Only a few are done at once, and what it answers while it is busy is waited for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from landrail.aws.changesets import Progress
from landrail.aws.errors import ChangeFailed, code, message
from landrail.aws.landing_zone import TOWER
from landrail.aws.world import World
from landrail.plan.observed import ObservedUnit

AT_ONCE = 5
"""AWS works on five accounts at once, and takes ten operations on controls."""
PLACES = threading.BoundedSemaphore(AT_ONCE)
_PATIENCE = 7200.0
_BUSY = ("ConflictException", "ServiceQuotaExceededException", "ThrottlingException")
_OPERATIONS = {
    "baseline": ("GetBaselineOperation", "baselineOperation"),
    "control": ("GetControlOperation", "controlOperation"),
}


def begin(
    world: World,
    operation: str,
    progress: Progress,
    *,
    needless: Callable[[], bool] = lambda: False,
    **given: Any,
) -> str | None:
    """Begin an operation as soon as Control Tower takes it; return its identifier, or None where
    it has become needless. Raises ChangeFailed."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if needless():
            return None
        answer = _tried(world, operation, progress, given)
        if answer is not None:
            return str(answer["operationIdentifier"])
        pause(world)
    raise ChangeFailed("Control Tower is still busy with other operations; apply again")


def wait(world: World, kind: str, operation: str | None, words: str, progress: Progress) -> None:
    """Wait until an operation of a kind (`baseline`, `control`) has ended; raises ChangeFailed with
    why it failed."""
    if operation is None:
        return
    asked, key = _OPERATIONS[kind]

    def ended() -> bool:
        who = world.entrances.management()
        found = world.connection.call(who, TOWER, asked, operationIdentifier=operation)[key]
        if found["status"] == "FAILED":
            raise ChangeFailed(f"Control Tower: {found.get('statusMessage', 'it failed')}")
        return bool(found["status"] == "SUCCEEDED")

    until(world, ended, words, progress)


def until(world: World, done: Callable[[], bool], words: str, progress: Progress) -> None:
    """Ask until it is done; raises ChangeFailed where that takes too long."""
    end = time.monotonic() + _PATIENCE
    while not done():
        if time.monotonic() > end:
            raise ChangeFailed("Control Tower is still at it; apply again to go on waiting")
        progress(words)
        pause(world)


def units(world: World, path: str) -> dict[str, ObservedUnit]:
    """Return an OU by its path."""
    return {path: ObservedUnit(world.id("ou", path), path, path.rpartition("/")[2])}


def unit_arn(world: World, path: str) -> str:
    """Return the ARN of an OU."""
    answer = world.connection.call(
        world.entrances.management(),
        "organizations",
        "DescribeOrganizationalUnit",
        OrganizationalUnitId=world.id("ou", path),
    )
    return str(answer["OrganizationalUnit"]["Arn"])


def pause(world: World) -> None:
    """Give it a while."""
    time.sleep(0.05 if world.connection.is_local else 15.0)


def _tried(
    world: World, operation: str, progress: Progress, given: Mapping[str, Any]
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

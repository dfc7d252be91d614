"""The first door of an account, `OrganizationAccountAccessRole`: who may enter by it, closing it
at the end of vending to all but break-glass, and opening it again for a destroy."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from botocore.exceptions import ClientError

from landrail.aws.entering import NoEntry
from landrail.aws.errors import ChangeFailed, code, is_denied
from landrail.aws.sessions import Connection, Identity
from landrail.aws.world import World
from landrail.plan.marks import BASELINE_ROLE
from landrail.resources import Address

BREAK_GLASS = "landrail/break-glass"


def observe_door(connection: Connection, who: Identity, account_id: str) -> bool | None:
    """Say whether others than break-glass may enter by the first door; None: there is no door."""
    found = _trust(connection, who, BASELINE_ROLE)
    return None if found is None else found not in (_closed(account_id), _SHUT)


def close_door(world: World, address: Address) -> None:
    """Let only break-glass in by the first door, once the platform role is known to work."""
    account_id = world.id("account", address.scope)
    platform = world.entrances.platform_only(account_id)
    if platform is None:
        raise ChangeFailed("the platform role cannot be entered yet; the first door stays open")
    if not observe_door(world.connection, platform, account_id):
        return
    role = BREAK_GLASS.rpartition("/")[2]
    has_break_glass = _trust(world.connection, platform, role) is not None
    document = _closed(account_id) if has_break_glass else _SHUT
    try:
        _write(world.connection, platform, document)
    except ClientError as error:
        if not is_denied(error):
            raise
        _write(world.connection, _first(world, account_id), document)


def open_door(world: World, account_id: str) -> None:
    """Let the management account in again, so that the account can be entered after its platform
    role is gone."""
    management = world.entrances.management_account
    principal = {"AWS": f"arn:aws:iam::{management}:root"}
    platform = world.entrances.platform_only(account_id)
    if platform is not None:
        _write(world.connection, platform, _document("Allow", principal))


def _first(world: World, account_id: str) -> Identity:
    try:
        return world.entrances.first_door(account_id)
    except NoEntry as error:
        raise ChangeFailed(f"{error}; close it as break-glass") from error


def _write(connection: Connection, who: Identity, document: dict[str, Any]) -> None:
    connection.call(
        who,
        "iam",
        "UpdateAssumeRolePolicy",
        RoleName=BASELINE_ROLE,
        PolicyDocument=json.dumps(document),
    )


def _trust(connection: Connection, who: Identity, role: str) -> Any:
    try:
        found = connection.call(who, "iam", "GetRole", RoleName=role)
    except ClientError as error:
        if code(error) == "NoSuchEntity":
            return None
        raise
    document = found["Role"]["AssumeRolePolicyDocument"]
    return json.loads(unquote(document)) if isinstance(document, str) else dict(document)


def _document(effect: str, principal: Any) -> dict[str, Any]:
    statement = {"Effect": effect, "Principal": principal, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _closed(account_id: str) -> dict[str, Any]:
    return _document("Allow", {"AWS": f"arn:aws:iam::{account_id}:role/{BREAK_GLASS}"})


_SHUT = _document("Deny", "*")

"""Accounts of the organization: read with their place, vended, moved into their OU, tagged.

An account is found again by its e-mail address before one is created, because CreateAccount is not
idempotent and an account cannot be taken back. No account is ever closed here.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.aws.errors import ChangeFailed
from landrail.aws.sessions import Connection, Identity
from landrail.aws.units import as_tags, tag, tags_of
from landrail.aws.world import World
from landrail.plan.marks import BASELINE_ROLE, MANAGEMENT_KIND
from landrail.plan.observed import ObservedAccount, ObservedUnit
from landrail.plan.organization import account_tags
from landrail.plan.values import Action, Change
from landrail.resources import Account

_SERVICE = "organizations"
_PATIENCE = 1800.0


def observe_accounts(
    connection: Connection, who: Identity, root_id: str, units: Mapping[str, ObservedUnit]
) -> tuple[ObservedAccount, ...]:
    """Read every account with its place in the tree and its tags."""
    parents = {root_id: None, **{unit.unit_id: path for path, unit in units.items()}}
    found = []
    for parent_id, path in parents.items():
        for account in _children(connection, who, parent_id):
            tags = tags_of(connection, who, account["Id"])
            found.append(
                ObservedAccount(
                    account_id=account["Id"],
                    name=account["Name"],
                    email=account["Email"],
                    ou=path,
                    state=_state(account),
                    tags=tags,
                )
            )
    return tuple(sorted(found, key=lambda a: a.account_id))


def change_account(world: World, wanted: Account, change: Change) -> None:
    """Vend an account or bring it to its OU and tags; every step may be repeated."""
    connection, who = world.connection, world.entrances.management()
    tags = account_tags(world.platform, wanted)
    if wanted.kind == MANAGEMENT_KIND:
        return
    if change.action is Action.CREATE:
        account_id = _vended(connection, who, wanted, tags)
        world.set_id("account", wanted.name, account_id)
        state = "ACTIVE"
    else:
        account_id = world.id("account", wanted.name)
        state = world.observed.accounts[wanted.name].state
    if state != "ACTIVE":
        raise ChangeFailed(f"account {account_id} is {state}")
    move_account(world, account_id, wanted.ou)
    if change.action is not Action.CREATE:
        tag(connection, who, account_id, tags)


def move_account(world: World, account_id: str, ou: str | None) -> None:
    """Move an account to an OU (None: the root) from wherever it stands."""
    connection, who = world.connection, world.entrances.management()
    target = world.target_id("root" if ou is None else f"ou/{ou}")
    parent = next(connection.listed(who, _SERVICE, "ListParents", "Parents", ChildId=account_id))
    if parent["Id"] != target:
        connection.call(
            who,
            _SERVICE,
            "MoveAccount",
            AccountId=account_id,
            SourceParentId=parent["Id"],
            DestinationParentId=target,
        )


def _vended(connection: Connection, who: Identity, wanted: Account, tags: Mapping[str, str]) -> str:
    request = (
        _request_under_way(connection, who, wanted)
        or connection.call(
            who,
            _SERVICE,
            "CreateAccount",
            Email=wanted.email,
            AccountName=wanted.name,
            RoleName=BASELINE_ROLE,
            Tags=as_tags(tags),
        )["CreateAccountStatus"]
    )
    end = time.monotonic() + _PATIENCE
    pause = 0.05 if connection.is_local else 5.0
    while request["State"] == "IN_PROGRESS":
        if time.monotonic() > end:
            raise ChangeFailed(f"AWS is still creating the account ({request['Id']}); apply again")
        time.sleep(pause)
        request = connection.call(
            who,
            _SERVICE,
            "DescribeCreateAccountStatus",
            CreateAccountRequestId=request["Id"],
        )["CreateAccountStatus"]
    if request["State"] == "FAILED":
        raise ChangeFailed(_refusal(request.get("FailureReason", "UNKNOWN"), wanted))
    return str(request["AccountId"])


def _request_under_way(
    connection: Connection, who: Identity, wanted: Account
) -> dict[str, Any] | None:
    """A creation that a run before this one began; its account may not be listed yet. Requests
    carry the name, not the e-mail address."""
    listed = connection.listed(
        who, _SERVICE, "ListCreateAccountStatus", "CreateAccountStatuses", States=["IN_PROGRESS"]
    )
    return next((r for r in listed if r.get("AccountName") == wanted.name), None)


def _refusal(reason: str, wanted: Account) -> str:
    words = {
        "ACCOUNT_LIMIT_EXCEEDED": "the organization may hold no more accounts: ask AWS for a quota",
        "EMAIL_ALREADY_EXISTS": f"{wanted.email} belongs to an account outside this organization",
        "INVALID_EMAIL": f"AWS does not accept the address {wanted.email}",
        "CONCURRENT_ACCOUNT_MODIFICATION": "another account is being changed; apply again",
    }
    return f"AWS did not create the account: {words.get(reason, reason)}"


def _children(connection: Connection, who: Identity, parent_id: str) -> Iterator[Any]:
    return connection.listed(who, _SERVICE, "ListAccountsForParent", "Accounts", ParentId=parent_id)


def _state(account: Mapping[str, Any]) -> str:
    """AWS is replacing `Status` by `State`: read the new one where it is."""
    return str(account.get("State") or account.get("Status") or "UNKNOWN")

"""Permissions boundaries of IAM users, which moto takes with a new user and forgets.

Kept on moto's own users, so that they are journaled, replayed and kept in snapshots with them.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.iam.exceptions import InvalidInput
from moto.iam.models import User
from moto.iam.responses import IamResponse

_CREATE = IamResponse.create_user


def _boundary(user: User) -> dict[str, str] | None:
    """As IAM describes it, where the user has one."""
    arn = getattr(user, "permissions_boundary_arn", None)
    if not arn:
        return None
    return {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}


def _create_user(response: IamResponse) -> ActionResult:
    arn = _checked(response)
    result = _CREATE(response)
    if arn is not None:
        _user(response).permissions_boundary_arn = arn
    return result


def _put(response: IamResponse) -> ActionResult:
    _user(response).permissions_boundary_arn = _checked(response)
    return EmptyResult()


def _delete(response: IamResponse) -> ActionResult:
    _user(response).permissions_boundary_arn = None
    return EmptyResult()


def _user(response: IamResponse) -> Any:
    return response.backend.get_user(response._get_param("UserName"))


def _checked(response: IamResponse) -> str | None:
    arn = response._get_param("PermissionsBoundary")
    if arn is None:
        return None
    if not response.backend.policy_arn_regex.match(arn):
        raise InvalidInput(f"Value ({arn}) for parameter PermissionsBoundary is invalid.")
    return str(arn)


# class, attribute, what it becomes; the first is there already
TOUCHED: tuple[tuple[Any, str, Any], ...] = ((IamResponse, "create_user", _create_user),)
# class, attribute that moto does not have, what it becomes
ADDED: tuple[tuple[Any, str, Any], ...] = (
    (IamResponse, "put_user_permissions_boundary", _put),
    (IamResponse, "delete_user_permissions_boundary", _delete),
    (User, "permissions_boundary", property(_boundary)),
)

"""Roles that belong to AWS: nobody in the account changes them, whatever policies allow.

Reserved roles of Identity Center and service-linked roles. Source: IAM API Reference,
UnmodifiableEntity.
"""

from __future__ import annotations

from landrail.localaws.api import ApiError
from landrail.localaws.gateway.asked import Asked
from landrail.localaws.store import StoreSources

_OWNERS = {
    ":role/aws-reserved/sso.amazonaws.com/": "sso.amazonaws.com",
    ":role/aws-reserved/": "",
    ":role/aws-service-role/": "",
}
_CHANGES = frozenset(
    {
        "AttachRolePolicy",
        "DetachRolePolicy",
        "PutRolePolicy",
        "DeleteRolePolicy",
        "UpdateAssumeRolePolicy",
        "UpdateRole",
        "UpdateRoleDescription",
        "DeleteRole",
        "TagRole",
        "UntagRole",
        "PutRolePermissionsBoundary",
        "DeleteRolePermissionsBoundary",
        "AddRoleToInstanceProfile",
    }
)
_LINKED = frozenset({"TagRole", "UntagRole", "UpdateRoleDescription", "UpdateRole"})


def check(asked: Asked, sources: StoreSources) -> None:
    """Refuse a change of a role that is AWS's; raises ApiError."""
    if asked.service != "iam":
        return
    name = str(asked.params.get("RoleName"))
    if asked.operation == "CreateRole":
        _refuse(asked, f":role{asked.params.get('Path') or '/'}", name)
    elif asked.operation in _CHANGES:
        account = asked.caller.account or asked.account or ""
        arn = sources.iam_arn(account, "role", name) or ""
        if ":role/aws-service-role/" not in arn or asked.operation not in _LINKED:
            _refuse(asked, arn, name)


def _refuse(asked: Asked, arn: str, name: str) -> None:
    for part, owner in _OWNERS.items():
        if part in arn:
            if asked.caller.kind == "service" and asked.caller.arn == owner:
                return
            raise ApiError(
                "UnmodifiableEntity",
                f"Cannot perform the operation on the protected role '{name}' - this role is only "
                "modifiable by AWS",
            )

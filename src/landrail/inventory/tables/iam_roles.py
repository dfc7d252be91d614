"""IAM roles: whom their trust lets in, and how much they may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask
from landrail.inventory.describing import tags_of
from landrail.inventory.identities import details, document, grants_everything
from landrail.inventory.outside import outsiders
from landrail.inventory.table import Column, Row, Table, listed

_ADMINISTRATOR = ":iam::aws:policy/AdministratorAccess"


def _collect(ask: Ask) -> Iterator[Row]:
    for role in details(ask, "Role", "RoleDetailList"):
        yield _row(ask, role)


def _row(ask: Ask, role: Mapping[str, Any]) -> Row:
    boundary = (role.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
    trust = document(role.get("AssumeRolePolicyDocument"))
    attached = [policy["PolicyArn"] for policy in role.get("AttachedManagedPolicies") or ()]
    inline = {
        policy["PolicyName"]: document(policy["PolicyDocument"])
        for policy in role.get("RolePolicyList") or ()
    }
    return {
        "resource_id": role["RoleId"],
        "resource_name": role["RoleName"],
        "arn": role["Arn"],
        "created": role.get("CreateDate"),
        "tags": tags_of(role.get("Tags")),
        "configuration": {
            "trust": trust,
            "attached": attached,
            "inline": inline,
            "path": role.get("Path"),
        },
        "path": role.get("Path"),
        "outsiders": listed(outsiders(trust, ask, trust=True)),
        "boundary": boundary,
        "boundaries": listed([boundary] if boundary else ()),
        "attached_policies": listed(attached),
        "administrator": any(arn.endswith(_ADMINISTRATOR) for arn in attached)
        or any(map(grants_everything, inline.values())),
    }


TABLE = Table(
    name="iam_roles",
    resource_type="AWS::IAM::Role",
    services=("iam",),
    columns=(
        Column("path", "text", "its path"),
        Column("outsiders", "text", "whom its trust lets in from outside the organization"),
        Column("boundary", "text", "its permissions boundary"),
        Column("boundaries", "text", "the same between commas"),
        Column("attached_policies", "text", "its managed policies, each between commas"),
        Column("administrator", "boolean", "whether it may do everything, by a policy of its own"),
    ),
    collect=_collect,
    reads=("iam:GetAccountAuthorizationDetails",),
    is_global=True,
)

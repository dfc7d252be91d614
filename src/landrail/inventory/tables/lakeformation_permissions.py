"""Grants of Lake Formation, one a principal and resource: who gets what, and who is everybody."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask, items
from landrail.inventory.realm import realm_of
from landrail.inventory.table import Column, Row, Table, listed

_EVERYBODY = "IAM_ALLOWED_PRINCIPALS"


def _collect(ask: Ask) -> Iterator[Row]:
    for entry in items(ask, "lakeformation", "ListPermissions", "PrincipalResourcePermissions"):
        yield _row(ask, entry)


def _row(ask: Ask, entry: Mapping[str, Any]) -> Row:
    principal = entry["Principal"]["DataLakePrincipalIdentifier"]
    resource = entry.get("Resource") or {}
    kind = next(iter(resource), "")
    named = "/".join(_names(resource.get(kind) or {})) or kind
    return {
        "resource_id": f"{principal} on {kind}:{named}",
        "resource_name": named,
        "configuration": json.loads(json.dumps(entry, default=str)),
        "principal": principal,
        "kind": kind,
        "everybody": principal == _EVERYBODY or principal.endswith(f":{_EVERYBODY}"),
        "stranger": _is_stranger(ask, principal),
        "permissions": listed(entry.get("Permissions") or ()),
        "grantable": listed(entry.get("PermissionsWithGrantOption") or ()),
    }


def _names(resource: Mapping[str, Any]) -> Iterator[str]:
    for key in ("DatabaseName", "Name", "ResourceArn", "TagKey"):
        if resource.get(key):
            yield str(resource[key])
    if "TableWildcard" in resource:
        yield "*"


def _is_stranger(ask: Ask, principal: str) -> bool:
    """Whether the principal is of an account, or an organization, that is not ours."""
    fields = principal.split(":")
    if len(fields) < 6:
        who = principal
    elif fields[2] == "organizations":
        who = fields[5].split("/")[1]
    else:
        who = fields[4]
    is_account = len(who) == 12 and who.isdigit()
    if who == ask.account or not (is_account or who.startswith("o-")):
        return False
    return not realm_of(ask).holds(who)


TABLE = Table(
    name="lakeformation_permissions",
    resource_type="AWS::LakeFormation::PrincipalPermissions",
    services=("lakeformation",),
    columns=(
        Column("principal", "text", "who is granted something"),
        Column("kind", "text", "on what kind of thing: `Database`, `Table`, `DataLocation`"),
        Column("everybody", "boolean", "whether that is everybody whom IAM lets in"),
        Column("stranger", "boolean", "whether they are from outside the organization"),
        Column("permissions", "text", "what they may, each between commas"),
        Column("grantable", "text", "what they may pass on, each between commas"),
    ),
    collect=_collect,
    reads=("lakeformation:ListPermissions",),
)

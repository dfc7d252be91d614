"""The `settings` of a JSON line: what is set on the resource beside its policy.

S3's public access blocks, each as S3 names it, of the bucket, of its account and of the
organization; who owns objects, and the ACL of the resource as GetObjectAcl returns it, where ACLs
count; the grants of a KMS key, each as ListGrants returns it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landrail.policy.acl import ENFORCED, OWNERSHIPS, PERMISSIONS, AclGrant
from landrail.policy.line_fields import a_list, an_object, flag, known, mistake, text
from landrail.policy.values import Grant

_BLOCKS = ("blockPublicAccess", "accountBlockPublicAccess", "organizationBlockPublicAccess")
_BLOCK = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_GRANT = ("GrantId", "Name", "GranteePrincipal", "Operations", "Constraints")
_CONSTRAINTS = ("EncryptionContextEquals", "EncryptionContextSubset", "SourceArn")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the settings come to: of several public access blocks the most restrictive."""

    restrict_public: bool = False
    block_acls: bool = False
    ignore_public_acls: bool = False
    acl: tuple[AclGrant, ...] = ()
    grants: tuple[Grant, ...] = ()


def settings(given: Any) -> Settings:
    """Read `settings`; raises Mistakes."""
    if given is None:
        return Settings()
    read = an_object(given, "settings")
    known(read, ("s3", "kms"), "`settings`")
    s3 = _part(read, "s3", (*_BLOCKS, "objectOwnership", "acl"))
    blocked = _blocked(s3)
    kms = _part(read, "kms", ("grants",))
    listed = a_list(kms.get("grants", []), "settings.kms.grants", "grants")
    grants = tuple(_grant(item, f"settings.kms.grants[{i}]") for i, item in enumerate(listed))
    return Settings(
        restrict_public="RestrictPublicBuckets" in blocked,
        block_acls="BlockPublicAcls" in blocked,
        ignore_public_acls="IgnorePublicAcls" in blocked,
        acl=_acl(s3),
        grants=grants,
    )


def _part(given: Mapping[str, Any], name: str, names: tuple[str, ...]) -> Mapping[str, Any]:
    value = given.get(name)
    part = an_object({} if value is None else value, f"settings.{name}")
    known(part, names, f"`settings.{name}`")
    return part


def _blocked(s3: Mapping[str, Any]) -> set[str]:
    blocked: set[str] = set()
    for name in _BLOCKS:
        value = s3.get(name)
        block = an_object({} if value is None else value, f"settings.s3.{name}")
        known(block, _BLOCK, f"`settings.s3.{name}`")
        blocked |= {key for key, on in block.items() if flag(on, f"settings.s3.{name}.{key}")}
    return blocked


def _acl(s3: Mapping[str, Any]) -> tuple[AclGrant, ...]:
    ownership = s3.get("objectOwnership", ENFORCED)
    if ownership not in OWNERSHIPS:
        raise mistake("`settings.s3.objectOwnership` is unknown", f"write {', '.join(OWNERSHIPS)}")
    listed = a_list(s3.get("acl", []), "settings.s3.acl", "grants")
    grants = tuple(_acl_grant(item, f"settings.s3.acl[{i}]") for i, item in enumerate(listed))
    return () if ownership == ENFORCED else grants


def _acl_grant(given: Any, path: str) -> AclGrant:
    grant = an_object(given, path)
    known(grant, ("Grantee", "Permission"), f"`{path}`")
    permission = grant.get("Permission")
    if permission not in PERMISSIONS:
        raise mistake(f"`{path}.Permission` is unknown", f"write {', '.join(PERMISSIONS)}")
    grantee = an_object(grant.get("Grantee"), f"{path}.Grantee")
    known(grantee, ("Type", "URI", "ID", "DisplayName"), f"`{path}.Grantee`")
    kind = "URI" if grantee.get("Type") == "Group" else "ID"
    return AclGrant(text(grantee.get(kind), f"{path}.Grantee.{kind}"), permission)


def _grant(given: Any, path: str) -> Grant:
    grant = an_object(given, path)
    known(grant, _GRANT, f"`{path}`")
    operations = a_list(grant.get("Operations"), f"{path}.Operations", "operations")
    constraints = an_object(grant.get("Constraints", {}), f"{path}.Constraints")
    known(constraints, _CONSTRAINTS, f"`{path}.Constraints`")
    if not operations:
        raise mistake(f"`{path}.Operations` is empty", "name at least one")
    source = constraints.get("SourceArn")
    return Grant(
        grantee=text(grant.get("GranteePrincipal"), f"{path}.GranteePrincipal"),
        operations=frozenset(text(o, f"{path}.Operations") for o in operations),
        name=str(grant.get("Name", "")),
        equals=_pairs(constraints.get("EncryptionContextEquals"), path),
        subset=_pairs(constraints.get("EncryptionContextSubset"), path),
        source_arn=None if source is None else text(source, f"{path}.SourceArn"),
    )


def _pairs(given: Any, path: str) -> Mapping[str, str] | None:
    if given is None:
        return None
    pairs = an_object(given, f"{path}.Constraints")
    return {key: text(value, f"{path}.Constraints.{key}") for key, value in pairs.items()}

"""The `settings` of a JSON line: what is set on the resource beside its policy.

S3's public access blocks, each as S3 names it, of the bucket, of its account and of the
organization; who owns objects, and the ACL of the resource as GetObjectAcl returns it, where ACLs
count; the grants of a KMS key, each as ListGrants returns it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landrail.diagnostics import nearest
from landrail.policy.acl import ENFORCED, OWNERSHIPS, PERMISSIONS, AclGrant
from landrail.policy.keygrants import OPERATIONS
from landrail.policy.line_fields import a_list, an_object, flag, known, mistake, text
from landrail.policy.values import Grant

_BLOCKS = ("blockPublicAccess", "accountBlockPublicAccess", "organizationBlockPublicAccess")
_BLOCK = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_GRANT = (
    "KeyId",
    "GrantId",
    "Name",
    "CreationDate",
    "GranteePrincipal",
    "GranteeServicePrincipal",
    "RetiringPrincipal",
    "RetiringServicePrincipal",
    "IssuingAccount",
    "Operations",
    "Constraints",
)
_CONSTRAINTS = ("EncryptionContextEquals", "EncryptionContextSubset", "SourceArn")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the settings come to: of several public access blocks the most restrictive."""

    restrict_public: bool = False
    block_acls: bool = False
    ignore_public_acls: bool = False
    acl: tuple[AclGrant, ...] = ()
    grants: tuple[Grant, ...] = ()


def settings(given: Any, resource: str) -> Settings:
    """Read the `settings` of a request's resource; raises Mistakes."""
    if given is None:
        return Settings()
    read = an_object(given, "settings")
    known(read, ("s3", "kms"), "`settings`")
    s3 = _part(read, "s3", (*_BLOCKS, "objectOwnership", "acl"))
    blocked = _blocked(s3)
    kms = _part(read, "kms", ("grants",))
    listed = a_list(kms.get("grants", []), "settings.kms.grants", "grants")
    grants = (_grant(item, f"settings.kms.grants[{i}]", resource) for i, item in enumerate(listed))
    return Settings(
        restrict_public="RestrictPublicBuckets" in blocked,
        block_acls="BlockPublicAcls" in blocked,
        ignore_public_acls="IgnorePublicAcls" in blocked,
        acl=_acl(s3),
        grants=tuple(grant for grant in grants if grant is not None),
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


def _grant(given: Any, path: str, resource: str) -> Grant | None:
    """Return the grant, None where it is one on another key."""
    grant = an_object(given, path)
    known(grant, _GRANT, f"`{path}`")
    operations = a_list(grant.get("Operations"), f"{path}.Operations", "operations")
    if not operations:
        raise mistake(f"`{path}.Operations` is empty", "name at least one")
    named = frozenset(text(o, f"{path}.Operations") for o in operations)
    for operation in sorted(named - OPERATIONS):
        near = nearest(operation, sorted(OPERATIONS))
        meant = f"did you mean `{near}`?" if near else None
        raise mistake(f"`{path}.Operations` holds `{operation}`, which no grant can allow", meant)
    limits = grant.get("Constraints")
    constraints = an_object({} if limits is None else limits, f"{path}.Constraints")
    known(constraints, _CONSTRAINTS, f"`{path}.Constraints`")
    read = Grant(
        grantee=_of_two(grant, "Grantee", path) or text(None, f"{path}.GranteePrincipal"),
        operations=named,
        name=str(grant.get("Name") or ""),
        equals=_pairs(constraints.get("EncryptionContextEquals"), path),
        subset=_pairs(constraints.get("EncryptionContextSubset"), path),
        source_arn=_optional(constraints, "SourceArn", f"{path}.Constraints"),
        retiring=_of_two(grant, "Retiring", path),
    )
    return read if _on(_optional(grant, "KeyId", path), resource) else None


def _of_two(grant: Mapping[str, Any], role: str, path: str) -> str | None:
    """Who is grantee, or may retire: a principal, or a service in the field of its own."""
    principal = _optional(grant, f"{role}Principal", path)
    return principal or _optional(grant, f"{role}ServicePrincipal", path)


def _optional(given: Mapping[str, Any], name: str, path: str) -> str | None:
    return None if given.get(name) is None else text(given[name], f"{path}.{name}")


def _on(key: str | None, resource: str) -> bool:
    """Whether a grant's key is the resource; which key an alias stands for, the line does not say,
    so all of its grants are of that one."""
    if key is None or ":alias/" in resource:
        return True
    return key == resource if key.startswith("arn:") else resource.endswith(f":key/{key}")


def _pairs(given: Any, path: str) -> Mapping[str, str] | None:
    if given is None:
        return None
    pairs = an_object(given, f"{path}.Constraints")
    return {key: text(value, f"{path}.Constraints.{key}") for key, value in pairs.items()}

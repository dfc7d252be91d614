"""Access control lists of S3 as what they are: a further resource policy that only allows.

Source: S3 User Guide, "Access control list (ACL) overview: mapping of ACL permissions and access
policy permissions" and "Controlling ownership of objects and disabling ACLs for your bucket".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from landrail.policy.document import Document
from landrail.policy.parse import parse_document

Permission = Literal["READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"]

_GROUPS = "http://acs.amazonaws.com/groups/global/"
ALL_USERS = f"{_GROUPS}AllUsers"
AUTHENTICATED_USERS = f"{_GROUPS}AuthenticatedUsers"
ENFORCED = "BucketOwnerEnforced"
OWNERSHIPS = (ENFORCED, "BucketOwnerPreferred", "ObjectWriter")
"""Under the first, the default, ACLs do not count."""

_OF_BUCKETS: dict[str, tuple[str, ...]] = {
    "READ": ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"),
    "READ_ACP": ("s3:GetBucketAcl",),
    "WRITE_ACP": ("s3:PutBucketAcl",),
}
_WRITING_OBJECTS = ("s3:PutObject",)
_OF_OBJECTS: dict[str, tuple[str, ...]] = {
    "READ": ("s3:GetObject", "s3:GetObjectVersion"),
    "READ_ACP": ("s3:GetObjectAcl", "s3:GetObjectVersionAcl"),
    "WRITE_ACP": ("s3:PutObjectAcl", "s3:PutObjectVersionAcl"),
}
PERMISSIONS = ("READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL")


@dataclass(frozen=True, slots=True)
class AclGrant:
    """One grant of a list: to a group (its URI) or to an account (its canonical user id)."""

    grantee: str
    permission: Permission

    @property
    def public(self) -> bool:
        """Whether it grants to everybody, or to everybody with an account."""
        return self.grantee in (ALL_USERS, AUTHENTICATED_USERS)


def acl_document(
    resource: str, grants: Iterable[AclGrant], *, ignore_public: bool = False
) -> Document | None:
    """Return the policy that the ACL of a bucket (or of an object, by `resource`) comes to, None
    where it grants nothing; `ignore_public` is S3's IgnorePublicAcls."""
    counted = [g for g in grants if not (ignore_public and g.public)]
    statements = [s for g in counted for s in _statements(resource, g)]
    if not statements:
        return None
    return parse_document({"Version": "2012-10-17", "Statement": statements}, kind="resource")


def _statements(resource: str, grant: AclGrant) -> list[dict[str, Any]]:
    is_object = "/" in resource
    table = _OF_OBJECTS if is_object else _OF_BUCKETS
    names = table if grant.permission == "FULL_CONTROL" else (grant.permission,)
    actions = [action for name in names for action in table.get(name, ())]
    found = [_allow(grant, actions, resource)] if actions else []
    if not is_object and grant.permission in ("WRITE", "FULL_CONTROL"):
        found.append(_allow(grant, list(_WRITING_OBJECTS), f"{resource}/*"))
    return found


def _allow(grant: AclGrant, actions: list[str], resource: str) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": "Allow", "Action": actions, "Resource": resource}
    if not grant.public:
        return {**statement, "Principal": {"CanonicalUser": grant.grantee}}
    if grant.grantee == ALL_USERS:
        return {**statement, "Principal": "*"}
    signed = {"Null": {"aws:PrincipalArn": "false"}}
    return {**statement, "Principal": {"AWS": "*"}, "Condition": signed}

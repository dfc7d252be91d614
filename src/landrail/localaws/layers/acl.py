"""Access control lists of S3: what they grant, as statements beside the bucket's policy.

They count only where the bucket's object ownership lets them (not under BucketOwnerEnforced, which
buckets have unless told otherwise). A version that is asked for by its id has no grant from here.
Source: S3 User Guide, "Access control list (ACL) overview", "Mapping of ACL permissions and access
policy permissions"; "Controlling ownership of objects".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.layers.public_access import blocks_in_force, gives_public
from landrail.localaws.layers.sources import Sources
from landrail.localaws.store import canonical_id
from landrail.policy import Document, parse_document

ENFORCED = "BucketOwnerEnforced"
_GROUPS = "http://acs.amazonaws.com/groups/"
_ALL = f"{_GROUPS}global/AllUsers"
_AUTHENTICATED = f"{_GROUPS}global/AuthenticatedUsers"
_LOG_DELIVERY = f"{_GROUPS}s3/LogDelivery"
# What permits an action: whose list, and which permission in it.
_PERMITS: Mapping[str, tuple[str, str]] = {
    "s3:listbucket": ("bucket", "READ"),
    "s3:listbucketversions": ("bucket", "READ"),
    "s3:listbucketmultipartuploads": ("bucket", "READ"),
    "s3:putobject": ("bucket", "WRITE"),
    "s3:getbucketacl": ("bucket", "READ_ACP"),
    "s3:putbucketacl": ("bucket", "WRITE_ACP"),
    "s3:getobject": ("object", "READ"),
    "s3:getobjectacl": ("object", "READ_ACP"),
    "s3:putobjectacl": ("object", "WRITE_ACP"),
}


def granted_by_list(
    action: str, bucket: str, key: str, owner: str, sources: Sources
) -> Document | None:
    """Return what the access control lists grant for one action, None for nothing."""
    asked = _PERMITS.get(action.lower())
    if asked is None or sources.bucket_ownership(bucket) == ENFORCED:
        return None
    holder, permission = asked
    ignore_public = "IgnorePublicAcls" in blocks_in_force(owner, bucket, sources)
    given = sources.bucket_acl(bucket) if holder == "bucket" else sources.object_acl(bucket, key)
    statements = [
        {
            "Sid": f"{permission.title().replace('_', '')}ByList{number}",
            "Effect": "Allow",
            "Action": action,
            "Resource": "*",
            **principal,
        }
        for number, (grantee, granted) in enumerate(given, 1)
        if granted in (permission, "FULL_CONTROL")
        for principal in [_principal(grantee, owner, ignore_public)]
        if principal is not None
    ]
    if not statements:
        return None
    return parse_document({"Version": "2012-10-17", "Statement": statements}, kind="resource")


def _principal(grantee: str, owner: str, ignore_public: bool) -> dict[str, Any] | None:
    if grantee in (_ALL, _AUTHENTICATED) and ignore_public:
        return None
    if grantee == _ALL:
        return {"Principal": "*"}
    if grantee == _AUTHENTICATED:
        users = {"StringNotEquals": {"aws:PrincipalType": "Anonymous"}}
        return {"Principal": "*", "Condition": users}
    if grantee == _LOG_DELIVERY:
        return {"Principal": {"Service": "logging.s3.amazonaws.com"}}
    if grantee.startswith("http"):
        return None
    return {"Principal": {"CanonicalUser": canonical_id(owner) if grantee == "owner" else grantee}}


_SETS = ("PutBucketAcl", "PutObjectAcl")
_WRITES = ("PutObject", "CopyObject", "CreateMultipartUpload")
_OWNERS = "bucket-owner-full-control"


def refuse_list(
    operation: str, params: Mapping[str, Any], owner: str, caller: str | None, sources: Sources
) -> None:
    """Raise ApiError for a list that the bucket does not take, and for an object that would be
    another account's than the bucket's, which the local AWS cannot keep."""
    if operation == "CreateBucket":
        _refuse_at_create(params)
        return
    if operation not in (*_SETS, *_WRITES):
        return
    ownership = sources.bucket_ownership(str(params.get("Bucket")))
    if ownership == ENFORCED:
        if (operation in _SETS or _gives(params)) and not _to_owner_alone(params, owner):
            raise ApiError("AccessControlListNotSupported", "The bucket does not allow ACLs", 400)
        return
    to_owner = ownership == "BucketOwnerPreferred" and params.get("ACL") == _OWNERS
    if operation in _WRITES and caller != owner and not to_owner:
        raise ApiError(
            "NotImplemented",
            f"The bucket's object ownership is {ownership}: the object would belong to the account "
            "that writes it. The local AWS keeps no objects of other accounts than the bucket's; "
            f"with BucketOwnerPreferred and the ACL {_OWNERS} it takes them. This is a gap of "
            "Landrail, not an answer of AWS.",
            501,
        )


def _refuse_at_create(params: Mapping[str, Any]) -> None:
    enforced = params.get("ObjectOwnership", ENFORCED) == ENFORCED
    if enforced and _gives(params) and params.get("ACL") != "private":
        raise ApiError(
            "InvalidBucketAclWithObjectOwnership",
            "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
            400,
        )
    if gives_public(params):
        # A new bucket begins with a block of its own, whatever its account has.
        raise ApiError(
            "InvalidBucketAclWithBlockPublicAccessError",
            "Bucket cannot have public ACLs set with BlockPublicAccess enabled",
            400,
        )


def _gives(params: Mapping[str, Any]) -> bool:
    return bool(params.get("ACL") or params.get("AccessControlPolicy")) or any(
        name.startswith("Grant") for name in params
    )


def _to_owner_alone(params: Mapping[str, Any], owner: str) -> bool:
    """The one list that BucketOwnerEnforced takes: full control to the bucket's owner."""
    if params.get("ACL"):
        return bool(params["ACL"] == _OWNERS)
    if any(name.startswith("Grant") for name in params):
        return False
    grants = (params.get("AccessControlPolicy") or {}).get("Grants") or ()
    return bool(grants) and all(
        (g.get("Grantee") or {}).get("ID") == canonical_id(owner)
        and g.get("Permission") == "FULL_CONTROL"
        for g in grants
    )

"""S3's refusals of what would make a bucket public: BlockPublicPolicy and BlockPublicAcls.

They are asked before the policies, of the bucket, its account and its organization together: the
most restrictive counts. RestrictPublicBuckets is the engine's, which sees the bucket's policy.
Source: S3 User Guide, "Blocking public access to your Amazon S3 storage"; Organizations User Guide,
"Amazon S3 policies".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.layers.sources import Sources
from landrail.localaws.store import assigned_blocks
from landrail.policy import InvalidPolicy, is_public, parse_document

_ACL_OPERATIONS = (
    "PutBucketAcl",
    "PutObjectAcl",
    "PutObject",
    "CopyObject",
    "CreateBucket",
    "CreateMultipartUpload",
)
_PUBLIC_ACLS = ("public-read", "public-read-write", "authenticated-read")
_EVERYBODY = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)
_OF_ACCOUNT = ("PutPublicAccessBlock", "DeletePublicAccessBlock")


def blocks_in_force(account: str, bucket: str | None, sources: Sources) -> frozenset[str]:
    """Return the settings that are on for a bucket, by itself, its account or its organization."""
    found = sources.public_access_block(account, None) | organization_blocks(account, sources)
    return found if bucket is None else found | sources.public_access_block(account, bucket)


def organization_blocks(account: str, sources: Sources) -> frozenset[str]:
    """Return the settings that an S3 policy of the organization turns on in an account."""
    return assigned_blocks(sources.s3_policies(account)) or frozenset()


def blocked_as_public(
    service: str, operation: str, params: Mapping[str, Any], account: str, sources: Sources
) -> str | None:
    """Return the name of the S3 setting that refuses the call, or None. `account` owns the bucket,
    or is the one whose own settings are changed."""
    if service == "s3control":
        managed = (
            operation in _OF_ACCOUNT and assigned_blocks(sources.s3_policies(account)) is not None
        )
        return MANAGED if managed else None
    bucket = params.get("Bucket")
    if service != "s3" or not isinstance(bucket, str):
        return None
    setting = _asked(operation, params)
    if setting is None:
        return None
    return setting if setting in blocks_in_force(account, bucket, sources) else None


MANAGED = "S3_POLICY"
"""Refuses changes of an account's own settings where the organization has set them."""


def public_reason(setting: str) -> str:
    """Return the end of the sentence that says why a call was refused."""
    if setting == MANAGED:
        return (
            "because the public access settings of the account are set by an Amazon S3 policy of "
            "its organization."
        )
    what = "policies" if setting == "BlockPublicPolicy" else "access control lists (ACLs)"
    return f"because public {what} are blocked by the {setting} block public access setting."


def _asked(operation: str, params: Mapping[str, Any]) -> str | None:
    if operation == "PutBucketPolicy":
        return "BlockPublicPolicy" if public_policy(params.get("Policy")) else None
    if takes_list(operation):
        return "BlockPublicAcls" if gives_public(params) else None
    return None


def takes_list(operation: str) -> bool:
    """Return whether an operation may bring an access control list."""
    return operation in _ACL_OPERATIONS


def public_policy(text: Any) -> bool:
    """Return whether a policy is public; one that cannot be read is the service's to refuse."""
    try:
        return is_public(parse_document(str(text), kind="resource"))
    except InvalidPolicy:
        return False


def gives_public(params: Mapping[str, Any]) -> bool:
    """Return whether the list that a request brings grants to everybody, or to all of AWS."""
    if params.get("ACL") in _PUBLIC_ACLS:
        return True
    headers = [str(v) for k, v in params.items() if k.startswith("Grant")]
    grants = (params.get("AccessControlPolicy") or {}).get("Grants") or ()
    given = [str((g.get("Grantee") or {}).get("URI", "")) for g in grants]
    return any(group in text for text in (*headers, *given) for group in _EVERYBODY)

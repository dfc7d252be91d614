"""S3's refusals of what would make a bucket public: BlockPublicPolicy and BlockPublicAcls.

They are asked before the policies. RestrictPublicBuckets is the engine's, which sees the bucket's
policy. Source: S3 User Guide, "Blocking public access to your Amazon S3 storage".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.layers.sources import Sources
from landrail.policy import InvalidPolicy, is_public, parse_document

_ACL_OPERATIONS = ("PutBucketAcl", "PutObjectAcl", "PutObject", "CopyObject", "CreateBucket")
_PUBLIC_ACLS = ("public-read", "public-read-write", "authenticated-read")
_EVERYBODY = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)


def blocked_as_public(
    operation: str, params: Mapping[str, Any], account: str, sources: Sources
) -> str | None:
    """Return the name of the S3 setting that refuses the call, or None. `account` owns the
    bucket."""
    bucket = params.get("Bucket")
    if not isinstance(bucket, str):
        return None
    setting = _asked(operation, params)
    if setting is None:
        return None
    of_bucket = sources.public_access_block(account, bucket)
    return setting if setting in of_bucket | sources.public_access_block(account, None) else None


def _asked(operation: str, params: Mapping[str, Any]) -> str | None:
    if operation == "PutBucketPolicy":
        return "BlockPublicPolicy" if _public_policy(params.get("Policy")) else None
    if operation in _ACL_OPERATIONS or operation == "CreateMultipartUpload":
        return "BlockPublicAcls" if _public_acl(params) else None
    return None


def _public_policy(text: Any) -> bool:
    """A policy that cannot be read is the service's to refuse, not public."""
    try:
        return is_public(parse_document(str(text), kind="resource"))
    except InvalidPolicy:
        return False


def _public_acl(params: Mapping[str, Any]) -> bool:
    if params.get("ACL") in _PUBLIC_ACLS:
        return True
    headers = [str(v) for k, v in params.items() if k.startswith("Grant")]
    grants = (params.get("AccessControlPolicy") or {}).get("Grants") or ()
    given = [str((g.get("Grantee") or {}).get("URI", "")) for g in grants]
    return any(group in text for text in (*headers, *given) for group in _EVERYBODY)

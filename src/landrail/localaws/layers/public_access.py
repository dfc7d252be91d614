"""S3's refusals of what would make a bucket public: BlockPublicPolicy and BlockPublicAcls.

They are asked before the policies, of the bucket, its account and its organization together: the
most restrictive counts. RestrictPublicBuckets is the engine's, which sees the bucket's policy.
Source: S3 User Guide, "Blocking public access to your Amazon S3 storage"; Organizations User Guide,
"Amazon S3 policies".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from landrail.localaws.layers.sources import Sources
from landrail.policy import InvalidPolicy, is_public, parse_document

_SETTINGS = frozenset(
    {"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"}
)
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
    texts = sources.s3_policies(account)
    return _assigned(texts) or frozenset() if texts else frozenset()


@lru_cache(maxsize=1024)
def _assigned(texts: tuple[str, ...]) -> frozenset[str] | None:
    """What the policies come to, None for nothing said: the one nearest to the account counts. A
    text that cannot be read turns all on."""
    found: frozenset[str] | None = None
    for text in texts:
        try:
            block = json.loads(text)["s3_attributes"]["public_access_block_configuration"]
            value = block["@@assign"] if isinstance(block, dict) else block
        except (ValueError, KeyError, TypeError):
            value = "all"
        found = frozenset() if value == "none" else _SETTINGS
    return found


def blocked_as_public(
    service: str, operation: str, params: Mapping[str, Any], account: str, sources: Sources
) -> str | None:
    """Return the name of the S3 setting that refuses the call, or None. `account` owns the bucket,
    or is the one whose own settings are changed."""
    if service == "s3control":
        managed = operation in _OF_ACCOUNT and _assigned(sources.s3_policies(account)) is not None
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
        return "BlockPublicPolicy" if _public_policy(params.get("Policy")) else None
    if operation in _ACL_OPERATIONS:
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

"""S3: operations whose actions have other names, objects and buckets, copies, tags on objects,
and the key that S3 uses on the caller's behalf.

Source: Service Authorization Reference, "Actions defined by Amazon S3"; S3 User Guide, "Required
permissions for S3 API operations"; KMS, "How Amazon S3 uses AWS KMS".
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from landrail.localaws.gateway.requests.arns import at_path
from landrail.localaws.gateway.requests.s3_actions import (
    BUCKET_ACTIONS,
    EXPRESS_ACTIONS,
    OBJECT_ACTIONS,
)
from landrail.localaws.gateway.requests.s3_keys import object_keys
from landrail.localaws.gateway.requests.s3_points import (
    behind_points,
    check_reach,
    named_point,
    source_point,
    through,
)
from landrail.localaws.gateway.requests.tags import tag_context
from landrail.localaws.gateway.requests.used_keys import used
from landrail.localaws.gateway.requests.values import (
    Authorization,
    Call,
    ContextValue,
    Lookup,
    Unresolved,
)

_WRITES = (
    "PutObject",
    "CopyObject",
    "CreateMultipartUpload",
    "UploadPart",
    "UploadPartCopy",
    "CompleteMultipartUpload",
)
_READS = ("GetObject", "HeadObject", "SelectObjectContent")
# Names that AWS keeps for Object Lambda, Multi-Region access points and directory buckets: no
# bucket of one's own ends so.
_NOT_BUCKETS = ("--ol-s3", ".mrap", "--x-s3", "--xa-s3", "--table-s3")
_COPIES = ("CopyObject", "UploadPartCopy")


def resolve_s3(call: Call, lookup: Lookup) -> Sequence[Authorization]:
    """Return the authorizations of an S3 operation."""
    if call.operation == "ListBuckets":
        return [Authorization("s3:ListAllMyBuckets", "*", call.account)]
    if call.operation == "ListDirectoryBuckets":
        return [Authorization("s3express:ListAllMyDirectoryBuckets", "*", call.account)]
    if call.operation == "WriteGetObjectResponse":
        base = f"arn:aws:s3-object-lambda:{call.region}:{call.account}:accesspoint"
        return [Authorization("s3-object-lambda:WriteGetObjectResponse", f"{base}/*", call.account)]
    point = named_point(call.params.get("Bucket"), call.operation, call.region, lookup)
    source = source_point(call.params, call.region, lookup) if "CopySource" in call.params else None
    if point is None and source is None:
        return _plain(call, lookup)
    params = behind_points("s3", call.operation, call.params, call.region, lookup)
    found = list(_plain(replace(call, params=params), lookup))
    if point is not None:
        check_reach(call, found)
    copies = call.operation in _COPIES
    return [
        twin
        for one in found
        for twin in through(one, source if copies and _reads_source(one) else point)
    ]


def _reads_source(needed: Authorization) -> bool:
    """Whether this is what a copy needs of its source, and not of its target."""
    return needed.action.startswith("s3:GetObject")


def _plain(call: Call, lookup: Lookup) -> Sequence[Authorization]:
    """What a call needs that names a bucket by its own name."""
    bucket = call.params.get("Bucket")
    if not isinstance(bucket, str):
        raise Unresolved("s3", call.operation, "which bucket it is about")
    if call.operation in EXPRESS_ACTIONS:
        express = f"arn:aws:s3express:{call.region}:{call.account}:bucket/{bucket}"
        return [Authorization(EXPRESS_ACTIONS[call.operation], express, call.account)]
    if bucket.startswith("arn:") or bucket.endswith(_NOT_BUCKETS):
        raise Unresolved(
            "s3", call.operation, f"`{bucket}` is neither a bucket nor an access point of one"
        )
    if call.operation == "DeleteObjects":
        return _delete_many(call, bucket, lookup)
    if call.operation in OBJECT_ACTIONS:
        return _object(call, bucket, lookup)
    if call.operation in BUCKET_ACTIONS:
        return _bucket(call, bucket, lookup)
    raise Unresolved("s3", call.operation, "no rule for this operation")


def resource_keys(
    _call: Call, needed: Authorization, _lookup: Lookup
) -> Mapping[str, ContextValue]:
    """Return the keys of every request to S3: whose the resource is. The loopback counts as TLS."""
    return {"s3:ResourceAccount": needed.account, "s3:TlsVersion": "1.3"}


def _owner(bucket: str, call: Call, lookup: Lookup) -> str:
    return lookup.bucket_account(bucket) or call.account


def _bucket(call: Call, bucket: str, lookup: Lookup) -> list[Authorization]:
    arn = f"arn:aws:s3:::{bucket}"
    actions = list(BUCKET_ACTIONS[call.operation])
    tags: Mapping[str, ContextValue] = {}
    if call.operation == "CreateBucket":
        if _acl_given(call.params):
            actions.append("PutBucketAcl")
        if call.params.get("ObjectLockEnabledForBucket"):
            actions += ["PutBucketObjectLockConfiguration", "PutBucketVersioning"]
        if call.params.get("ObjectOwnership"):
            actions.append("PutBucketOwnershipControls")
        tags = tag_context({"Tags": at_path(call.params, "CreateBucketConfiguration.Tags") or ()})
        actions += ["TagResource"] if tags else []
    context = {**object_keys(call.operation, call.params), **tags}
    account = call.account if call.operation == "CreateBucket" else _owner(bucket, call, lookup)
    return [Authorization(f"s3:{name}", arn, account, context) for name in actions]


def _object(call: Call, bucket: str, lookup: Lookup) -> list[Authorization]:
    key = str(call.params.get("Key", ""))
    arn = f"arn:aws:s3:::{bucket}/{key}"
    account = _owner(bucket, call, lookup)
    context = object_keys(call.operation, call.params)
    plain, versioned = OBJECT_ACTIONS[call.operation]
    actions = [versioned if call.params.get("VersionId") else plain]
    if call.operation == "GetObjectAttributes":
        actions.append("GetObjectVersion" if call.params.get("VersionId") else "GetObject")
    if call.operation in _WRITES:
        actions += _with_write(call)
    if call.params.get("BypassGovernanceRetention"):
        actions.append("BypassGovernanceRetention")
    found = [Authorization(f"s3:{name}", arn, account, context) for name in actions]
    if call.operation in _COPIES:
        found += _copy_source(call, arn, account, lookup)
    return found + _keys_used(call, bucket, key, account, lookup)


def _with_write(call: Call) -> list[str]:
    params, extra = call.params, []
    if params.get("Tagging"):
        extra.append("PutObjectTagging")
    if _acl_given(params) and not _hands_over(call):
        extra.append("PutObjectAcl")
    if params.get("ObjectLockMode") or params.get("ObjectLockRetainUntilDate"):
        extra.append("PutObjectRetention")
    if params.get("ObjectLockLegalHoldStatus"):
        extra.append("PutObjectLegalHold")
    return extra


def _acl_given(params: Mapping[str, Any]) -> bool:
    return bool(params.get("ACL")) or any(name.startswith("Grant") for name in params)


def _hands_over(call: Call) -> bool:
    """A service that delivers to a bucket hands its files over to the owner; the bucket policies
    that AWS asks for then allow s3:PutObject alone."""
    delivers = call.caller_arn.endswith(".amazonaws.com")
    return delivers and call.params.get("ACL") == "bucket-owner-full-control"


def source_of(params: Mapping[str, Any]) -> tuple[str, str, str | None]:
    """Return bucket, key and version of a `CopySource`."""
    source = params.get("CopySource")
    if isinstance(source, Mapping):
        return str(source["Bucket"]), str(source["Key"]), source.get("VersionId")
    text, _, version = str(source).partition("?versionId=")
    bucket, _, key = unquote(text).lstrip("/").partition("/")
    return bucket, key, version or None


def _copy_source(call: Call, target: str, account: str, lookup: Lookup) -> list[Authorization]:
    bucket, key, version = source_of(call.params)
    if not bucket or not key or bucket.startswith("arn:") or bucket.endswith(_NOT_BUCKETS):
        raise Unresolved("s3", call.operation, "what it copies")
    arn, owner = f"arn:aws:s3:::{bucket}/{key}", _owner(bucket, call, lookup)
    context: dict[str, ContextValue] = {"s3:VersionId": version} if version else {}
    read = "s3:GetObjectVersion" if version else "s3:GetObject"
    found = [Authorization(read, arn, owner, context)]
    copies_tags = call.params.get("TaggingDirective", "COPY") == "COPY"
    if call.operation == "CopyObject" and copies_tags and lookup.object_tags(bucket, key, version):
        tags = "s3:GetObjectVersionTagging" if version else "s3:GetObjectTagging"
        found.append(Authorization(tags, arn, owner, context))
        found.append(Authorization("s3:PutObjectTagging", target, account))
    locked = lookup.object_key(bucket, key, version)
    if locked:
        found.append(_key(locked, "Decrypt", arn, call, lookup))
    return found


def _delete_many(call: Call, bucket: str, lookup: Lookup) -> list[Authorization]:
    account = _owner(bucket, call, lookup)
    objects = (call.params.get("Delete") or {}).get("Objects") or []
    if not objects:
        raise Unresolved("s3", call.operation, "which objects it is about")
    bypasses = bool(call.params.get("BypassGovernanceRetention"))
    found = []
    for number, item in enumerate(objects):
        version = item.get("VersionId")
        names = ["DeleteObjectVersion" if version else "DeleteObject"]
        names += ["BypassGovernanceRetention"] if bypasses else []
        context: dict[str, ContextValue] = {"s3:VersionId": version} if version else {}
        arn = f"arn:aws:s3:::{bucket}/{item.get('Key', '')}"
        found += [
            Authorization(f"s3:{name}", arn, account, context, part=str(number)) for name in names
        ]
    return found


def _keys_used(
    call: Call, bucket: str, key: str, account: str, lookup: Lookup
) -> list[Authorization]:
    """S3 asks KMS in the caller's name: to decrypt what is read, to make a data key for what is
    written; for the parts of an upload, both."""
    arn = f"arn:aws:s3:::{bucket}/{key}"
    if call.operation in _READS:
        locked = lookup.object_key(bucket, key, call.params.get("VersionId"))
        return [_key(locked, "Decrypt", arn, call, lookup)] if locked else []
    if call.operation not in _WRITES:
        return []
    locked = _write_key(call, bucket, account, lookup)
    if locked is None:
        return []
    if call.operation in ("PutObject", "CopyObject"):
        return [_key(locked, "GenerateDataKey", arn, call, lookup)]
    return [
        _key(locked, "GenerateDataKey", arn, call, lookup),
        _key(locked, "Decrypt", arn, call, lookup),
    ]


def _write_key(call: Call, bucket: str, account: str, lookup: Lookup) -> str | None:
    asked = call.params.get("ServerSideEncryption")
    if asked == "AES256" or call.params.get("SSECustomerAlgorithm"):
        return None
    named = call.params.get("SSEKMSKeyId")
    if named:
        return lookup.key_arn(account, call.region, str(named)) or _as_arn(str(named), call)
    return lookup.bucket_key(bucket)


def _as_arn(named: str, call: Call) -> str:
    if named.startswith("arn:"):
        return named
    return f"arn:aws:kms:{call.region}:{call.account}:key/{named}"


def _key(
    key_arn: str, operation: str, object_arn: str, call: Call, lookup: Lookup
) -> Authorization:
    context = {"aws:s3:arn": object_arn, **_encryption_context(call)}
    return used(key_arn, operation, "s3", context, call, lookup)


def _encryption_context(call: Call) -> dict[str, str]:
    """Return what a writer adds to the encryption context: JSON in base64."""
    given = call.params.get("SSEKMSEncryptionContext")
    if not given:
        return {}
    try:
        pairs = json.loads(base64.b64decode(str(given), validate=True))
        return {str(name): str(value) for name, value in pairs.items()}
    except (ValueError, AttributeError) as error:
        raise Unresolved("s3", call.operation, "its encryption context") from error

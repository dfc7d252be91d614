"""Buckets and objects: owner, region, policy, keys, tags, public-access blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.store.peek import PARTITION, backend, loaded

_SETTINGS = {
    "BlockPublicAcls": "block_public_acls",
    "IgnorePublicAcls": "ignore_public_acls",
    "BlockPublicPolicy": "block_public_policy",
    "RestrictPublicBuckets": "restrict_public_buckets",
}


def _bucket(name: str) -> Any | None:
    owner = account(name)
    s3 = None if owner is None else backend("s3", owner)
    return None if s3 is None else s3.buckets.get(name)


def account(name: str) -> str | None:
    """Return the account that owns a bucket."""
    found = loaded("s3.models").s3_backends.bucket_accounts.get(name)
    return None if found is None else str(found[1])


def region(name: str) -> str | None:
    """Return the region of a bucket."""
    bucket = _bucket(name)
    return None if bucket is None else str(bucket.region_name)


def policy(name: str) -> str | None:
    """Return the bucket policy."""
    bucket = _bucket(name)
    if bucket is None or bucket.policy is None:
        return None
    text = bucket.policy
    return text.decode() if isinstance(text, bytes) else str(text)


def default_key(name: str) -> str | None:
    """Return the KMS key of the default encryption as it was put: id, alias or ARN."""
    bucket = _bucket(name)
    if bucket is None or not bucket.encryption:
        return None
    rule = bucket.encryption["Rule"]
    first: Mapping[str, Any] = rule[0] if isinstance(rule, list) else rule
    default = first.get("ApplyServerSideEncryptionByDefault") or {}
    return default.get("KMSMasterKeyID")


def object_key(name: str, key: str, version: str | None) -> str | None:
    """Return the KMS key of an object as it was put."""
    found = _object(name, key, version)
    if found is None or not str(found.encryption or "").startswith("aws:kms"):
        return None
    return None if found.kms_key_id is None else str(found.kms_key_id)


def _object(name: str, key: str, version: str | None) -> Any | None:
    bucket = _bucket(name)
    if bucket is None:
        return None
    for found in reversed(bucket.keys.getlist(key, [])):
        if version is None or str(found.version_id) == version:
            return found if hasattr(found, "kms_key_id") else None
    return None


def object_tags(name: str, key: str, version: str | None) -> Mapping[str, str]:
    """Return the tags of an object."""
    found, owner = _object(name, key, version), account(name)
    if found is None or owner is None:
        return {}
    tags: Mapping[str, str] = backend("s3", owner).tagger.get_tag_dict_for_resource(found.arn)  # type: ignore[union-attr]  # the bucket is there, so its backend is
    return tags


def bucket_tags(name: str) -> Mapping[str, str]:
    """Return the tags of a bucket."""
    bucket, owner = _bucket(name), account(name)
    if bucket is None or owner is None:
        return {}
    tags: Mapping[str, str] = backend("s3", owner).tagger.get_tag_dict_for_resource(bucket.arn)  # type: ignore[union-attr]  # as above
    return tags


def public_access_block(owner: str, name: str | None) -> frozenset[str]:
    """Return the settings that are on, of a bucket or of an account."""
    if name is None:
        control = backend("s3control", owner, PARTITION)
        block = None if control is None else control.public_access_block
    else:
        bucket = _bucket(name)
        block = None if bucket is None else bucket.public_access_block
    if block is None:
        return frozenset()
    return frozenset(setting for setting, attr in _SETTINGS.items() if getattr(block, attr))

"""Access control lists of buckets and objects, whether they are in use at all, and whether a bucket
takes keys of requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landrail.localaws.store.mends.bucket_encryption import OF_REQUESTS, blocked_types
from landrail.localaws.store.mends.canonical import MOTOS
from landrail.localaws.store.peek import backend
from landrail.localaws.store.sources import s3

Given = tuple[str, str]
"""A grantee (`owner`, a canonical user id or a group's URI) and a permission (`READ`)."""
_WITHOUT_CONTROLS = "ObjectWriter"
_ENFORCED = "BucketOwnerEnforced"


def ownership(name: str) -> str:
    """Return a bucket's object ownership. New buckets have theirs set; where the controls were
    deleted, objects belong to who writes them. A bucket that is not there takes no lists."""
    bucket = _bucket(name)
    if bucket is None:
        return _ENFORCED
    rule = bucket.ownership_rule
    if isinstance(rule, dict):
        rule = (rule.get("Rules") or [{}])[0].get("ObjectOwnership")
    return str(rule or _WITHOUT_CONTROLS)


def takes_own_keys(name: str) -> bool:
    """Return whether a bucket takes objects under a key that comes with the request."""
    bucket = _bucket(name)
    return bucket is not None and OF_REQUESTS not in blocked_types(bucket)


def of_bucket(name: str) -> tuple[Given, ...]:
    """Return the grants of a bucket's list."""
    bucket = _bucket(name)
    return () if bucket is None else tuple(_given(bucket.acl))


def of_object(name: str, key: str) -> tuple[Given, ...]:
    """Return the grants of the list of an object's current version."""
    bucket = _bucket(name)
    kept = [] if bucket is None else bucket.keys.getlist(key, [])
    # A delete marker has no list.
    return tuple(_given(getattr(kept[-1], "acl", None))) if kept else ()


def _bucket(name: str) -> Any | None:
    owner = s3.account(name)
    held = None if owner is None else backend("s3", owner)
    return None if held is None else held.buckets.get(name)


def _given(acl: Any) -> Iterator[Given]:
    for grant in acl.grants if acl is not None else ():
        for grantee in grant.grantees:
            holder = grantee.uri or ("owner" if grantee.id in (MOTOS, "") else grantee.id)
            for permission in grant.permissions:
                yield str(holder), str(permission)

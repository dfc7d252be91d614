"""Fix: a bucket is closed to everybody by its own public access block, and by its ACL.

A public statement of its policy stays where it is, and means nothing any more: which part of a
policy somebody's work needs is not for a program to say.
"""

from __future__ import annotations

from landrail.inventory import Ask
from landrail.inventory.ask import or_none
from landrail.rules.fix import Call, Fix, Subject

_EVERYBODY = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)
_CLOSED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


def _calls(ask: Ask, subject: Subject) -> tuple[Call, ...]:
    bucket = subject.resource_id
    block = {"Bucket": bucket, "PublicAccessBlockConfiguration": _CLOSED}
    return (*_without_everybody(ask, bucket), Call("s3", "PutPublicAccessBlock", block))


def _without_everybody(ask: Ask, bucket: str) -> tuple[Call, ...]:
    """Return the call that leaves all other grants as they are."""
    acl = or_none(ask, "AccessControlListNotSupported", "s3", "GetBucketAcl", Bucket=bucket)
    grants = (acl or {}).get("Grants") or []
    kept = [grant for grant in grants if grant["Grantee"].get("URI") not in _EVERYBODY]
    if acl is None or len(kept) == len(grants):
        return ()
    policy = {"Owner": acl["Owner"], "Grants": kept}
    return (Call("s3", "PutBucketAcl", {"Bucket": bucket, "AccessControlPolicy": policy}),)


FIX = Fix(
    rules=(
        "s3-bucket-level-public-access-prohibited",
        "s3-bucket-public-read-prohibited",
        "s3-bucket-public-write-prohibited",
    ),
    says="close the bucket to everybody; a public statement of its policy stays, without effect",
    calls=_calls,
    actions=("s3:PutBucketPublicAccessBlock", "s3:PutBucketAcl"),
)

"""S3's account operations: the account's public access block, access points, storage lens.

Source: Service Authorization Reference, "Amazon S3".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from landrail.localaws.gateway.requests.rules import Resolver, Rules
from landrail.localaws.gateway.requests.values import Authorization, Call, Lookup

_ACCOUNT = {
    "GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock",
    "PutPublicAccessBlock": "s3:PutAccountPublicAccessBlock",
    "DeletePublicAccessBlock": "s3:PutAccountPublicAccessBlock",
}


def _of_account(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    return [Authorization(_ACCOUNT[call.operation], "*", call.account)]


def _tagged(call: Call, lookup: Lookup) -> Sequence[Authorization]:
    """Tags by ARN: of a bucket here, as of access points and the rest."""
    arn = str(call.params.get("ResourceArn", "*"))
    bucket = arn.removeprefix("arn:aws:s3:::") if arn.startswith("arn:aws:s3:::") else None
    owner = (lookup.bucket_account(bucket) if bucket else None) or call.account
    return [Authorization(f"s3:{call.operation}", arn, owner)]


_CUSTOM: Mapping[str, Resolver] = {
    **dict.fromkeys(_ACCOUNT, _of_account),
    **dict.fromkeys(("TagResource", "UntagResource", "ListTagsForResource"), _tagged),
}
_OUTPOSTS_AND_DIRECTORIES = """
CreateBucket DeleteAccessPointScope DeleteBucket DeleteBucketLifecycleConfiguration
DeleteBucketPolicy DeleteBucketReplication DeleteBucketTagging GetAccessPointScope GetBucket
GetBucketLifecycleConfiguration GetBucketPolicy GetBucketReplication GetBucketTagging
GetBucketVersioning ListAccessPointsForDirectoryBuckets ListRegionalBuckets PutAccessPointScope
PutBucketLifecycleConfiguration PutBucketPolicy PutBucketReplication PutBucketTagging
PutBucketVersioning
"""

S3CONTROL = Rules(
    "s3",
    owner="AccountId",
    custom=_CUSTOM,
    gaps=frozenset(_OUTPOSTS_AND_DIRECTORIES.split()),
    names={
        "AccessPointName": ("Name",),
        "JobId": ("JobId",),
        "ConfigId": ("ConfigId",),
        "StorageLensGroupName": ("Name",),
    },
    stand_ins={"*": "*"},
)

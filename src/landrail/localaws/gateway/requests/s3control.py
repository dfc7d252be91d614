"""S3's account operations: the account's public access block, access points, storage lens.

Source: Service Authorization Reference, "Amazon S3".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from landrail.localaws.gateway.requests.general import account_of
from landrail.localaws.gateway.requests.rules import Resolver, Rules
from landrail.localaws.gateway.requests.s3_points import point_keys
from landrail.localaws.gateway.requests.values import Authorization, Call, ContextValue, Lookup

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


_RENAMED = {
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "DeleteBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "GetBucketReplication": "GetReplicationConfiguration",
    "PutBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
}
_OF_OUTPOSTS = """
CreateBucket DeleteBucket DeleteBucketLifecycleConfiguration DeleteBucketPolicy
DeleteBucketReplication DeleteBucketTagging GetBucket GetBucketLifecycleConfiguration
GetBucketPolicy GetBucketReplication GetBucketTagging GetBucketVersioning
PutBucketLifecycleConfiguration PutBucketPolicy PutBucketReplication PutBucketTagging
PutBucketVersioning
"""
_OF_DIRECTORIES = ("PutAccessPointScope", "GetAccessPointScope", "DeleteAccessPointScope")


def _of_outposts(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    """A bucket here is one on an Outpost, by its ARN or by name and Outpost."""
    name = f"s3-outposts:{_RENAMED.get(call.operation, call.operation)}"
    bucket = str(call.params.get("Bucket", "*"))
    if bucket.startswith("arn:"):
        return [Authorization(name, bucket, account_of(bucket, call.account))]
    outpost = call.params.get("OutpostId") or "*"
    base = f"arn:aws:s3-outposts:{call.region}:{call.account}:outpost/{outpost}"
    return [Authorization(name, f"{base}/bucket/{bucket}", call.account)]


def _regional(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    return [Authorization("s3-outposts:ListRegionalBuckets", "*", call.account)]


def _of_directories(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    base = f"arn:aws:s3express:{call.region}:{call.account}:accesspoint"
    arn = f"{base}/{call.params.get('Name', '*')}"
    return [Authorization(f"s3express:{call.operation}", arn, call.account)]


def _all_directories(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    return [Authorization(f"s3express:{call.operation}", "*", call.account)]


def _point(call: Call, needed: Authorization, lookup: Lookup) -> Mapping[str, ContextValue]:
    """The keys of an access point: of what is asked for where it is made, else of what is there."""
    name = call.params.get("Name")
    if "AccessPoint" not in call.operation or not isinstance(name, str):
        return {}
    if call.operation == "CreateAccessPoint":
        origin = "VPC" if call.params.get("VpcConfiguration") else "Internet"
        base = f"arn:aws:s3:{call.region}:{needed.account}:accesspoint"
        return {
            "s3:DataAccessPointArn": f"{base}/{name}",
            "s3:DataAccessPointAccount": needed.account,
            "s3:AccessPointNetworkOrigin": origin,
        }
    point = lookup.access_point(needed.account, call.region, name)
    return {} if point is None else point_keys(point)


def _blocked(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    """A block of public access that the maker of an access point names takes an action more."""
    if call.params.get("PublicAccessBlockConfiguration") is None:
        return []
    return [Authorization("s3:PutAccessPointPublicAccessBlock", "*", call.account)]


_CUSTOM: Mapping[str, Resolver] = {
    **dict.fromkeys(_ACCOUNT, _of_account),
    **dict.fromkeys(("TagResource", "UntagResource", "ListTagsForResource"), _tagged),
    **dict.fromkeys(_OF_OUTPOSTS.split(), _of_outposts),
    **dict.fromkeys(_OF_DIRECTORIES, _of_directories),
    "ListAccessPointsForDirectoryBuckets": _all_directories,
    "ListRegionalBuckets": _regional,
}

S3CONTROL = Rules(
    "s3",
    owner="AccountId",
    custom=_CUSTOM,
    also={"CreateAccessPoint": _blocked},
    names={
        "Token": ("AccessGrantId", "AccessGrantsLocationId"),
        "AccessPointAlias": ("Name", "Mrap", "Details.Name"),
        "AccessPointName": ("Name",),
        "JobId": ("JobId",),
        "ConfigId": ("ConfigId",),
        "StorageLensGroupName": ("Name",),
    },
    stand_ins={"*": "*"},
    each=_point,
)

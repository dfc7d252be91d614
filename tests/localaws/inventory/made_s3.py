"""Buckets and access points, good and bad."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from inventory_place import (
    EVERYBODY,
    REGION,
    STRANGER,
    Made,
    Place,
    allow,
    either,
    new_bucket,
    policy,
)

_ON = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
Statement = dict[str, Any]
_BUCKETS = "s3_buckets"


def bucket(place: Place, name: str) -> str:
    """A bucket, blocked and with ACLs turned off, as AWS makes one."""
    s3 = new_bucket(place, name)
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=_ON)
    return name


def _opened(place: Place, name: str) -> str:
    bucket(place, name)
    place.client("s3").delete_public_access_block(Bucket=name)
    return name


def _with_acls(place: Place, name: str, **acl: str) -> str:
    s3 = place.client("s3")
    _opened(place, name)
    rules = [{"ObjectOwnership": "ObjectWriter"}]
    s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls={"Rules": rules})
    s3.put_bucket_acl(Bucket=name, **acl)
    return name


def _with_policy(statement: Callable[[str], Statement]) -> Callable[[Place, str], str]:
    def make(place: Place, name: str) -> str:
        _opened(place, name)
        place.client("s3").put_bucket_policy(Bucket=name, Policy=policy(statement(name)))
        return name

    return make


def _put(operation: str, **parameters: object) -> Callable[[Place, str], str]:
    def make(place: Place, name: str) -> str:
        bucket(place, name)
        getattr(place.client("s3"), operation)(Bucket=name, **parameters)
        return name

    return make


def _tls(name: str) -> Statement:
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _tls_of_a_part(name: str) -> Statement:
    return {**_tls(name), "Resource": f"arn:aws:s3:::{name}/some/*"}


def _let_in(action: str, who: object) -> Callable[[Place, str], str]:
    return _with_policy(lambda name: allow(action, who, f"arn:aws:s3:::{name}/*"))


def _locked(place: Place, name: str) -> str:
    new_bucket(place, name, ObjectLockEnabledForBucket=True)
    return name


def _logging(place: Place, name: str) -> str:
    bucket(place, name)
    logs = bucket(place, f"{name}-logs")
    who = {"Service": "logging.s3.amazonaws.com"}
    statement = allow("s3:PutObject", who, f"arn:aws:s3:::{logs}/*")
    place.client("s3").put_bucket_policy(Bucket=logs, Policy=policy(statement))
    target = {"LoggingEnabled": {"TargetBucket": logs, "TargetPrefix": "here/"}}
    place.client("s3").put_bucket_logging(Bucket=name, BucketLoggingStatus=target)
    return name


def _versioned(place: Place, name: str) -> str:
    return _put("put_bucket_versioning", VersioningConfiguration={"Status": "Enabled"})(place, name)


def _expiring(place: Place, name: str) -> str:
    _versioned(place, name)
    rule = {
        "ID": "old",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
    }
    place.client("s3").put_bucket_lifecycle_configuration(
        Bucket=name, LifecycleConfiguration={"Rules": [rule]}
    )
    return name


def _encrypted(algorithm: str) -> Callable[[Place, str], str]:
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm}}
    return _put("put_bucket_encryption", ServerSideEncryptionConfiguration={"Rules": [rule]})


def _bucket_made(
    *rules: str, wrong: Callable[[Place, str], str], right: Callable[[Place, str], str] = bucket
) -> Made:
    return Made(table=_BUCKETS, rules=rules, wrong=wrong, right=right, alone=True)


def _replicated(place: Place, name: str) -> str:
    _versioned(place, name)
    copy = _versioned(place, f"{name}-copy")
    rule = {
        "ID": "all",
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{copy}"},
    }
    place.client("s3").put_bucket_replication(
        Bucket=name, ReplicationConfiguration={"Role": place.worker, "Rules": [rule]}
    )
    return name


def _point(place: Place, name: str, closed: bool) -> str:
    """An access point of a bucket that delegates to its access points."""
    held = _opened(place, f"b-{name}")
    control = place.client("s3control")
    there = {"VpcConfiguration": {"VpcId": _vpc(place)}} if closed else {}
    control.create_access_point(
        AccountId=place.account,
        Name=name,
        Bucket=held,
        PublicAccessBlockConfiguration=_ON if closed else dict.fromkeys(_ON, False),
        **there,
    )
    arn = f"arn:aws:s3:{REGION}:{place.account}:accesspoint/{name}"
    who = {"AWS": f"arn:aws:iam::{place.neighbour}:root"} if closed else STRANGER
    text = policy(allow("s3:GetObject", who, f"{arn}/object/*"))
    control.put_access_point_policy(AccountId=place.account, Name=name, Policy=text)
    return name


def _vpc(place: Place) -> str:
    return str(place.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"])


MADE = (
    _bucket_made(
        "s3-bucket-public-read-prohibited",
        wrong=_let_in("s3:GetObject", EVERYBODY),
        right=_let_in("s3:PutObject", EVERYBODY),
    ),
    _bucket_made(
        "s3-bucket-public-read-prohibited",
        "s3-bucket-acl-prohibited",
        "s3-bucket-level-public-access-prohibited",
        wrong=lambda place, name: _with_acls(place, name, ACL="public-read"),
    ),
    _bucket_made(
        "s3-bucket-public-write-prohibited",
        wrong=_let_in("s3:Put*", EVERYBODY),
        right=_let_in("s3:GetObject", EVERYBODY),
    ),
    _bucket_made(
        "s3-bucket-public-write-prohibited",
        wrong=lambda place, name: _with_acls(place, name, ACL="public-read-write"),
        right=lambda place, name: _with_acls(place, name, ACL="private"),
    ),
    _bucket_made("s3-bucket-versioning-enabled", wrong=bucket, right=_versioned),
    _bucket_made(
        "s3-bucket-versioning-enabled",
        wrong=_put("put_bucket_versioning", VersioningConfiguration={"Status": "Suspended"}),
        right=_versioned,
    ),
    _bucket_made(
        "s3-default-encryption-kms", wrong=_encrypted("AES256"), right=_encrypted("aws:kms")
    ),
    _bucket_made(
        "s3-bucket-ssl-requests-only", wrong=_with_policy(_tls_of_a_part), right=_with_policy(_tls)
    ),
    _bucket_made(
        "s3-bucket-open-outside",
        "s3-bucket-policy-grantee-check",
        wrong=_let_in("s3:GetObject", STRANGER),
    ),
    _bucket_made("s3-bucket-default-lock-enabled", wrong=bucket, right=_locked),
    _bucket_made("s3-bucket-logging-enabled", wrong=bucket, right=_logging),
    _bucket_made("s3-version-lifecycle-policy-check", wrong=_versioned, right=_expiring),
    _bucket_made(
        "s3-event-notifications-enabled",
        wrong=bucket,
        right=_put(
            "put_bucket_notification_configuration",
            NotificationConfiguration={"EventBridgeConfiguration": {}},
        ),
    ),
    _bucket_made("s3-bucket-replication-enabled", wrong=_versioned, right=_replicated),
    either(
        _point,
        table="s3_access_points",
        rules=(
            "s3-access-point-public-access-blocks",
            "s3-access-point-in-vpc-only",
            "s3-access-point-open-outside",
        ),
    ),
)

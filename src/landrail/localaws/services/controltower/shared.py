"""What a landing zone makes once: its OUs, buckets, trail, and the aggregator of compliance.

Every step finds what stands already. Names are those that AWS documents.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.controltower.acting import Acting, Ask, made
from landrail.localaws.services.controltower.manifest import Manifest

TRAIL = "aws-controltower-BaselineCloudTrail"
AGGREGATOR = "aws-controltower-GuardrailsComplianceAggregator"
_TRUSTED = ("controltower.amazonaws.com", "config.amazonaws.com", "cloudtrail.amazonaws.com")
_OWN = {"SSEAlgorithm": "AES256"}
_MARK = [{"Key": "aws-control-tower", "Value": "managed-by-control-tower"}]


def prepare(acting: Acting) -> tuple[str, str]:
    """Switch on what governance stands on; return the ids of the organization and its root."""
    for service in _TRUSTED:
        acting.organization("EnableAWSServiceAccess", ServicePrincipal=service)
    root = next(acting.listed("ListRoots", "Roots"))
    types = {t["Type"] for t in root["PolicyTypes"] if t["Status"] == "ENABLED"}
    if "SERVICE_CONTROL_POLICY" not in types:
        acting.organization(
            "EnablePolicyType", RootId=root["Id"], PolicyType="SERVICE_CONTROL_POLICY"
        )
    found = acting.organization("DescribeOrganization")["Organization"]
    return str(found["Id"]), str(root["Id"])


def unit_named(acting: Acting, root: str, name: str) -> str:
    """Return the OU of a name below the root, made where there is none."""
    listed = acting.listed("ListOrganizationalUnitsForParent", "OrganizationalUnits", ParentId=root)
    for unit in listed:
        if unit["Name"] == name:
            return str(unit["Id"])
    answer = acting.organization("CreateOrganizationalUnit", ParentId=root, Name=name)
    return str(answer["OrganizationalUnit"]["Id"])


def parent_of(acting: Acting, child: str) -> str:
    """Return the OU or root that an account or OU stands in."""
    return str(next(acting.listed("ListParents", "Parents", ChildId=child))["Id"])


def move(acting: Acting, account: str, unit: str) -> None:
    """Move an account into an OU, where it is not there."""
    parent = parent_of(acting, account)
    if parent != unit:
        acting.organization(
            "MoveAccount", AccountId=account, SourceParentId=parent, DestinationParentId=unit
        )


def make_buckets(acting: Acting, zone: Manifest, organization: str) -> None:
    """Make the buckets of the trail and of Config's deliveries, with their access logs."""
    home = acting.place.region
    if zone.logging:
        _pair(acting.inside(zone.log_account), zone, (zone.log_account, home, ""), organization)
    if zone.config and zone.modern:
        account = zone.config_account
        _pair(acting.inside(account), zone, (account, home, "config-"), organization)


def make_trail(acting: Acting, zone: Manifest, organization: str) -> None:
    """Make the trail of the organization and let it log."""
    settings: dict[str, Any] = {
        "Name": TRAIL,
        "S3BucketName": f"aws-controltower-logs-{zone.log_account}-{acting.place.region}",
        "S3KeyPrefix": organization,
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": True,
        "IsOrganizationTrail": True,
        "EnableLogFileValidation": True,
    }
    if zone.key:
        settings["KmsKeyId"] = zone.key
    made(
        lambda **params: acting.admin("cloudtrail", "CreateTrail", **params),
        "TrailAlreadyExistsException",
        **settings,
    )
    acting.admin("cloudtrail", "StartLogging", Name=TRAIL)


def aggregate(acting: Acting, zone: Manifest, accounts: list[str]) -> None:
    """Let the audit account see the compliance of these accounts."""
    source = {
        "AccountIds": sorted(set(accounts)),
        "AllAwsRegions": False,
        "AwsRegions": list(zone.regions),
    }
    acting.inside(zone.config_account)(
        "config",
        "PutConfigurationAggregator",
        ConfigurationAggregatorName=AGGREGATOR,
        AccountAggregationSources=[source],
        Tags=_MARK,
    )


def _pair(ask: Ask, zone: Manifest, where: tuple[str, str, str], organization: str) -> None:
    """Make a bucket for deliveries and the one of its access logs; `where` has the account, the
    region, and what is delivered."""
    account, region, kind = where
    bucket = f"aws-controltower-{kind}logs-{account}-{region}"
    access = f"aws-controltower-{kind or 's3-'}access-logs-{account}-{region}"
    days = dict(zone.retention)
    _bucket(ask, access, region, "", days["accessLoggingBucket"])
    _bucket(ask, bucket, region, zone.key, days["loggingBucket"])
    for name, uses in ((access, []), (bucket, list(_deliveries(bucket, organization)))):
        policy = {"Version": "2012-10-17", "Statement": [_encrypted_only(name), *uses]}
        ask("s3", "PutBucketPolicy", Bucket=name, Policy=json.dumps(policy))


def _bucket(ask: Ask, name: str, region: str, key: str, days: int) -> None:
    try:
        ask("s3", "HeadBucket", Bucket=name)
    except ApiError as error:
        if error.status != 404:
            raise
        more: dict[str, Any] = {}
        if region != "us-east-1":
            more = {"CreateBucketConfiguration": {"LocationConstraint": region}}
        ask("s3", "CreateBucket", Bucket=name, **more)
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key} if key else _OWN
    rule = {"ApplyServerSideEncryptionByDefault": default}
    ask(
        "s3",
        "PutBucketEncryption",
        Bucket=name,
        ServerSideEncryptionConfiguration={"Rules": [rule]},
    )
    ask("s3", "PutBucketVersioning", Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    kept = {"Days": days}
    expiry = {"ID": "RetentionRule", "Status": "Enabled", "Filter": {}, "Expiration": kept}
    ask(
        "s3",
        "PutBucketLifecycleConfiguration",
        Bucket=name,
        LifecycleConfiguration={"Rules": [expiry]},
    )
    blocked = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    ask(
        "s3",
        "PutPublicAccessBlock",
        Bucket=name,
        PublicAccessBlockConfiguration=dict.fromkeys(blocked, True),
    )


def _encrypted_only(bucket: str) -> dict[str, Any]:
    arn = f"arn:aws:s3:::{bucket}"
    return {
        "Sid": "AllowSSLRequestsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _deliveries(bucket: str, organization: str) -> Iterator[dict[str, Any]]:
    services = {"Service": ["cloudtrail.amazonaws.com", "config.amazonaws.com"]}
    arn = f"arn:aws:s3:::{bucket}"
    yield {
        "Sid": "AWSBucketPermissionsCheck",
        "Effect": "Allow",
        "Principal": services,
        "Action": ["s3:GetBucketAcl", "s3:ListBucket"],
        "Resource": arn,
    }
    yield {
        "Sid": "AWSBucketDelivery",
        "Effect": "Allow",
        "Principal": services,
        "Action": "s3:PutObject",
        "Resource": f"{arn}/{organization}/AWSLogs/*",
    }
    yield {
        "Sid": "AWSBucketDeliveryOfRecorders",
        "Effect": "Allow",
        "Principal": "*",
        "Action": ["s3:GetBucketAcl", "s3:ListBucket", "s3:PutObject"],
        "Resource": [arn, f"{arn}/{organization}/AWSLogs/*"],
        "Condition": {
            "StringEquals": {"aws:PrincipalOrgID": organization},
            "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/aws-controltower-*"},
        },
    }

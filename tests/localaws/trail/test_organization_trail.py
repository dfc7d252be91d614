"""The trail of an organization: of every account, seen by every account, kept by its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from trail_reading import REGION, bucket_policy, keys, make_bucket, records, until


@pytest.fixture(scope="module")
def organization(local_aws: Any) -> Iterator[dict[str, Any]]:
    """An organization with a trail that logs, delivered to a member account's bucket."""
    keeper, member = local_aws.account("keeper"), local_aws.account("member")
    organizations = local_aws.client("organizations")
    organizations.enable_aws_service_access(ServicePrincipal="cloudtrail.amazonaws.com")
    s3 = local_aws.client("s3", local_aws.administrator(keeper))
    home = local_aws.management_account
    arn = f"arn:aws:cloudtrail:{REGION}:{home}:trail/everybody"
    bucket = make_bucket(s3, f"everybody-{keeper}", bucket_policy(f"everybody-{keeper}", arn))
    cloudtrail = local_aws.client("cloudtrail")
    cloudtrail.create_trail(
        Name="everybody", S3BucketName=bucket, IsOrganizationTrail=True, IsMultiRegionTrail=True
    )
    cloudtrail.start_logging(Name="everybody")
    yield {"keeper": keeper, "member": member, "s3": s3, "bucket": bucket, "arn": arn}
    cloudtrail.delete_trail(Name="everybody")


def test_it_holds_every_accounts_calls(local_aws: Any, organization: dict[str, Any]) -> None:
    member, s3, bucket = organization["member"], organization["s3"], organization["bucket"]
    session = local_aws.administrator(member)
    local_aws.client("sns", session, region_name="us-west-2").create_topic(Name="elsewhere")
    later = local_aws.account("later")
    local_aws.client("sns", local_aws.administrator(later)).create_topic(Name="later")

    def topics() -> set[tuple[str, str]]:
        return {
            (r["recipientAccountId"], r["awsRegion"])
            for r in records(s3, bucket)
            if r["eventName"] == "CreateTopic"
        }

    assert until(lambda: {(member, "us-west-2"), (later, REGION)} <= topics())
    own = local_aws.client("organizations").describe_organization()["Organization"]["Id"]
    assert all(key.startswith(f"AWSLogs/{own}/") for key in keys(s3, bucket))
    entered = [r for r in records(s3, bucket) if r["eventName"] == "AssumeRole"]
    shared = [r["sharedEventID"] for r in entered if member in r["recipientAccountId"]]
    home = [r["sharedEventID"] for r in entered if r["recipientAccountId"] != member]
    assert set(shared) & set(home)


def test_its_accounts_see_it_and_cannot_change_it(
    local_aws: Any, organization: dict[str, Any]
) -> None:
    cloudtrail = local_aws.client("cloudtrail", local_aws.administrator(organization["member"]))
    arn = organization["arn"]
    assert arn in [t["TrailARN"] for t in cloudtrail.describe_trails()["trailList"]]
    assert arn in [t["TrailARN"] for t in cloudtrail.list_trails()["Trails"]]
    assert cloudtrail.get_trail_status(Name=arn)["IsLogging"] is True
    with pytest.raises(ClientError):
        cloudtrail.stop_logging(Name=arn)
    assert cloudtrail.get_trail_status(Name=arn)["IsLogging"] is True


def test_only_administrators_of_cloudtrail_make_one(
    local_aws: Any, organization: dict[str, Any], unique: Callable[[str], str]
) -> None:
    member, s3 = organization["member"], organization["s3"]
    session = local_aws.administrator(member)
    name = unique("delegated")
    arn = f"arn:aws:cloudtrail:{REGION}:{local_aws.management_account}:trail/{name}"
    bucket = make_bucket(s3, unique("delegated"), None)
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(bucket_policy(bucket, arn)))
    cloudtrail = local_aws.client("cloudtrail", session)
    asked = {"Name": name, "S3BucketName": bucket, "IsOrganizationTrail": True}
    with pytest.raises(ClientError, match="NotOrganizationMasterAccountException"):
        cloudtrail.create_trail(**asked)
    local_aws.client("organizations").register_delegated_administrator(
        AccountId=member, ServicePrincipal="cloudtrail.amazonaws.com"
    )
    made = cloudtrail.create_trail(**asked)
    assert made["TrailARN"] == arn
    cloudtrail.start_logging(Name=arn)
    assert cloudtrail.get_trail_status(Name=arn)["IsLogging"] is True
    cloudtrail.stop_logging(Name=arn)
    cloudtrail.delete_trail(Name=arn)

"""Settings of buckets that nobody can make here are answered as for a bucket that has none."""

from __future__ import annotations

import datetime

import pytest
from refusals import refusal


@pytest.fixture
def s3(local_aws):
    return local_aws.client("s3")


@pytest.fixture
def bucket(s3, unique):
    name = unique("settings")
    s3.create_bucket(
        Bucket=name,
        CreateBucketConfiguration={"LocationConstraint": "eu-west-1"},
        ObjectLockEnabledForBucket=True,
    )
    return name


def test_who_pays_for_requests(s3, bucket):
    assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == "BucketOwner"
    owner, requester = ({"Payer": who} for who in ("BucketOwner", "Requester"))
    s3.put_bucket_request_payment(Bucket=bucket, RequestPaymentConfiguration=owner)
    put = s3.put_bucket_request_payment
    found = refusal(put, Bucket=bucket, RequestPaymentConfiguration=requester)
    assert found == "UnsupportedOperation"
    assert refusal(s3.get_bucket_request_payment, Bucket=f"{bucket}-no") == "NoSuchBucket"


def test_there_are_no_configurations_of_metrics(s3, bucket):
    assert not s3.list_bucket_metrics_configurations(Bucket=bucket)["IsTruncated"]
    assert (
        refusal(s3.get_bucket_metrics_configuration, Bucket=bucket, Id="m") == "NoSuchConfiguration"
    )
    deleted = refusal(s3.delete_bucket_metrics_configuration, Bucket=bucket, Id="m")
    assert deleted == "NoSuchConfiguration"
    s3.head_bucket(Bucket=bucket)
    made = {"Id": "m"}
    put = s3.put_bucket_metrics_configuration
    found = refusal(put, Bucket=bucket, Id="m", MetricsConfiguration=made)
    assert found == "UnsupportedOperation"


def test_how_long_an_object_is_retained(s3, bucket):
    s3.put_object(Bucket=bucket, Key="free", Body=b"x")
    asked = s3.get_object_retention
    assert refusal(asked, Bucket=bucket, Key="free") == "NoSuchObjectLockConfiguration"
    until = datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC)
    s3.put_object(
        Bucket=bucket,
        Key="held",
        Body=b"x",
        ObjectLockMode="GOVERNANCE",
        ObjectLockRetainUntilDate=until,
    )
    held = s3.get_object_retention(Bucket=bucket, Key="held")["Retention"]
    assert held == {"Mode": "GOVERNANCE", "RetainUntilDate": until}


def test_a_look_at_retention_gives_no_object(local_aws, s3, bucket, unique):
    account = local_aws.account("retention")
    s3.put_object(Bucket=bucket, Key="free", Body=b"secret")
    statement = {"Effect": "Allow", "Action": "s3:GetObjectRetention", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    looks = local_aws.client("s3", local_aws.assume(local_aws.role(account, "looks", policy)))
    assert refusal(looks.get_object_retention, Bucket=bucket, Key="free") in (
        "AccessDenied",
        "NoSuchObjectLockConfiguration",
    )
    assert refusal(looks.get_object_torrent, Bucket=bucket, Key="free") in (
        "AccessDenied",
        "UnsupportedOperation",
    )


def test_a_list_may_grant_nothing(s3, unique):
    name, place = unique("lists"), {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=place, ObjectOwnership="ObjectWriter")
    s3.put_object(Bucket=name, Key="k", Body=b"x")
    owner = s3.get_bucket_acl(Bucket=name)["Owner"]
    empty = {"Owner": owner, "Grants": []}
    s3.put_bucket_acl(Bucket=name, AccessControlPolicy=empty)
    s3.put_object_acl(Bucket=name, Key="k", AccessControlPolicy=empty)
    assert s3.get_bucket_acl(Bucket=name).get("Grants", []) == []
    assert s3.get_object_acl(Bucket=name, Key="k").get("Grants", []) == []


def test_keys_of_requests_are_blocked_until_they_are_allowed(s3, unique):
    name, place = unique("keys"), {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)
    own = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "0" * 32}
    by_default = {"SSEAlgorithm": "AES256"}

    def blocked():
        told = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]
        (rule,) = told["Rules"]
        assert rule["ApplyServerSideEncryptionByDefault"] == by_default
        return rule["BlockedEncryptionTypes"]["EncryptionType"]

    def put(*types):
        rule = {"ApplyServerSideEncryptionByDefault": by_default}
        if types:
            rule["BlockedEncryptionTypes"] = {"EncryptionType": list(types)}
        asked = {"Rules": [rule]}
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration=asked)

    def refused():
        return refusal(s3.put_object, Bucket=name, Key="k", Body=b"x", **own)

    assert blocked() == ["SSE-C"]
    assert refused() == "AccessDenied"
    assert refusal(s3.create_multipart_upload, Bucket=name, Key="k", **own) == "AccessDenied"
    put("NONE")
    assert blocked() == ["NONE"]
    s3.put_object(Bucket=name, Key="k", Body=b"x", **own)
    put("SSE-C")
    assert blocked() == ["SSE-C"]
    assert refused() == "AccessDenied"
    put("NONE")
    s3.delete_bucket_encryption(Bucket=name)
    assert blocked() == ["SSE-C"]
    put()
    assert refused() == "AccessDenied"
    s3.put_object(Bucket=name, Key="k", Body=b"x")

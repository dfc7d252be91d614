"""Clients that know nothing of us talk to the local AWS as to AWS."""

from __future__ import annotations


def test_the_bootstrap_user_is_who_it_says(local_aws):
    identity = local_aws.client("sts").get_caller_identity()
    assert identity["Account"] == local_aws.management_account
    assert identity["Arn"] == f"arn:aws:iam::{local_aws.management_account}:user/bootstrap"


def test_an_object_comes_back_as_it_was_put(local_aws, unique):
    s3 = local_aws.client("s3")
    bucket = unique("bucket")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket=bucket, Key="a b/ü+c", Body=b"\x00\xff", Metadata={"Who": "me"})
    found = s3.get_object(Bucket=bucket, Key="a b/ü+c")
    assert found["Body"].read() == b"\x00\xff"
    assert found["Metadata"] == {"who": "me"}


def test_a_new_account_is_entered_by_the_role_organizations_makes(local_aws):
    account = local_aws.account("first-contact")
    session = local_aws.administrator(account)
    identity = local_aws.client("sts", session).get_caller_identity()
    assert identity["Arn"] == (
        f"arn:aws:sts::{account}:assumed-role/OrganizationAccountAccessRole/test"
    )

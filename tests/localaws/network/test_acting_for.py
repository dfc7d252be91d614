"""What a service does for a caller: the network's keys end at the service, the address does not."""

from __future__ import annotations

import json
import time

import pytest
from botocore.exceptions import ClientError
from network_places import client

TEMPLATE = {
    "Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "NAME"}}}
}


def stack_of_one_bucket(cloudformation, name):
    template = json.dumps(TEMPLATE).replace("NAME", name)
    cloudformation.create_stack(StackName=name, TemplateBody=template, OnFailure="DELETE")
    for _ in range(200):
        stacks = cloudformation.list_stacks()["StackSummaries"]
        status = next(s["StackStatus"] for s in stacks if s["StackName"] == name)
        if not status.endswith("IN_PROGRESS"):
            return status
        time.sleep(0.05)
    raise AssertionError(status)


@pytest.fixture
def maker(local_aws, place, unique):
    """Make a session that creates buckets, by itself or by a stack, on one condition."""

    def make(condition):
        policy = {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": ["cloudformation:*", "s3:*"], "Resource": "*"},
                {
                    "Effect": "Deny",
                    "Action": "s3:CreateBucket",
                    "Resource": "*",
                    "Condition": condition,
                },
            ],
        }
        return local_aws.assume(local_aws.role(place.account, unique("maker"), policy))

    return make


@pytest.fixture
def stacks_inside(place):
    name = place.endpoint("cloudformation")
    yield name
    place.ec2.delete_vpc_endpoints(VpcEndpointIds=[name])


def test_the_endpoint_is_not_carried_on(place, inside, maker, unique, stacks_inside):
    me, at = maker({"Null": {"aws:SourceVpce": "true"}}), inside()
    client("s3", me, at).create_bucket(
        Bucket=unique("direct"), CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    assert stack_of_one_bucket(client("cloudformation", me, at), unique("made")).startswith(
        ("DELETE", "ROLLBACK")
    )


def test_the_address_of_the_internet_is(local_aws, inside, maker, unique, stacks_inside):
    me = maker({"NotIpAddress": {"aws:SourceIp": "127.0.0.0/8"}})
    made = stack_of_one_bucket(local_aws.client("cloudformation", me), unique("made"))
    assert made == "CREATE_COMPLETE"
    inside_made = stack_of_one_bucket(client("cloudformation", me, inside()), unique("made"))
    assert inside_made.startswith(("DELETE", "ROLLBACK"))


def test_the_policy_of_s3_s_endpoint_is_not_asked_about_the_key(local_aws, place, inside):
    kms = local_aws.client("kms", place.session)
    key = kms.create_key()["KeyMetadata"]["Arn"]
    bucket = place.bucket()
    local_aws.client("s3", place.session).put_object(
        Bucket=bucket, Key="k", Body=b"sealed", ServerSideEncryption="aws:kms", SSEKMSKeyId=key
    )
    only = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    known = {"VpcEndpointId": place.gateway}
    text = json.dumps({"Version": "2012-10-17", "Statement": [only]})
    place.ec2.modify_vpc_endpoint(**known, PolicyDocument=text)
    try:
        s3 = client("s3", place.enter(), inside())
        assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"sealed"
        with pytest.raises(ClientError) as caught:
            client("kms", place.enter(), inside()).describe_key(KeyId=key)
        assert caught.value.response["Error"]["Code"] == "NoRouteToService"
    finally:
        place.ec2.modify_vpc_endpoint(**known, ResetPolicy=True)

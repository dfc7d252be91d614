"""An access point that takes requests from one VPC alone."""

from __future__ import annotations

import json
import uuid

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from network_places import REGION, client


@pytest.fixture
def control(local_aws, place):
    return place.session.client(
        "s3control",
        endpoint_url=f"http://s3-control.{REGION}.amazonaws.com",
        config=Config(proxies={"http": local_aws.endpoint}, retries={"max_attempts": 0}),
    )


def made(control, place, vpc, policy=None):
    """An access point of its VPC on a new bucket, with a policy; its ARN and alias."""
    own = {"AccountId": place.account, "Name": f"vpc-{uuid.uuid4().hex[:10]}"}
    point = control.create_access_point(
        **own, Bucket=place.bucket(), VpcConfiguration={"VpcId": vpc}
    )
    if policy is not None:
        text = json.dumps(policy).replace("POINT", point["AccessPointArn"])
        control.put_access_point_policy(**own, Policy=text)
        status = control.get_access_point_policy_status(**own)
        assert not status["PolicyStatus"]["IsPublic"]
    return point["Alias"]


def read(s3, bucket):
    return s3.get_object(Bucket=bucket, Key="k")["Body"].read()


def refused(s3, bucket):
    with pytest.raises(ClientError) as caught:
        read(s3, bucket)
    return caught.value.response["Error"]


def test_it_is_reached_from_its_vpc_alone(local_aws, place, inside, control):
    alias, elsewhere = made(control, place, place.vpc), made(control, place, "vpc-0e15e4be0e")
    me = place.enter()
    at = client("s3", me, inside())
    assert read(at, alias) == b"data"
    error = refused(local_aws.client("s3", me), alias)
    assert error["Code"] == "AccessDenied"
    assert f"takes requests from {place.vpc} alone" in error["Message"]
    assert refused(at, elsewhere)["Code"] == "AccessDenied"


def test_a_policy_for_everybody_in_a_vpc_is_not_public(control, place):
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "POINT/object/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    assert made(control, place, place.vpc, policy).endswith("-s3alias")

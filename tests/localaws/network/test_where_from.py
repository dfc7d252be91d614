"""Where a call comes from, as policies see it: the internet, or through a VPC endpoint."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError
from network_places import REGION, client, only_through


def read(s3, bucket):
    return s3.get_object(Bucket=bucket, Key="k")["Body"].read()


def refused(call, *arguments, **parameters):
    with pytest.raises(ClientError) as caught:
        call(*arguments, **parameters)
    return caught.value.response["Error"]


def test_a_bucket_that_asks_for_the_endpoint(local_aws, place, inside):
    bucket, me = place.bucket(only_through(place.gateway)), place.enter()
    error = refused(read, local_aws.client("s3", me), bucket)
    assert error["Code"] == "AccessDenied"
    assert "explicit deny in a resource-based policy" in error["Message"]
    assert read(client("s3", me, inside()), bucket) == b"data"


def test_a_bucket_that_asks_for_the_vpc_or_the_address(local_aws, place, inside):
    me, at = place.enter(), client("s3", place.enter(), inside())
    for operator, key, value in (
        ("StringNotEquals", "aws:SourceVpc", place.vpc),
        ("NotIpAddress", "aws:VpcSourceIp", "10.20.1.0/24"),
    ):
        deny = only_through("")
        bucket = place.bucket({**deny, "Condition": {operator: {key: value}}})
        assert read(at, bucket) == b"data"
        assert refused(read, local_aws.client("s3", me), bucket)["Code"] == "AccessDenied"


def test_a_bucket_that_asks_for_the_owner_of_the_endpoint(local_aws, place, inside):
    me, at = place.enter(), client("s3", place.enter(), inside())
    organization = local_aws.client("organizations").describe_organization()["Organization"]["Id"]
    for key, value, wrong in (
        ("aws:VpceAccount", place.account, local_aws.management_account),
        ("aws:VpceOrgID", organization, "o-elsewhere0"),
    ):
        denies = [
            {**only_through(""), "Condition": {"StringNotEquals": {key: one}}}
            for one in (value, wrong)
        ]
        bucket, other = (place.bucket(each) for each in denies)
        assert read(at, bucket) == b"data"
        assert refused(read, at, other)["Code"] == "AccessDenied"
        assert refused(read, local_aws.client("s3", me), bucket)["Code"] == "AccessDenied"


def test_no_public_address_inside_and_no_vpc_outside(local_aws, place, inside):
    me = place.enter()
    from_the_internet = {**only_through(""), "Condition": {"Null": {"aws:SourceIp": "true"}}}
    bucket = place.bucket(from_the_internet)
    assert read(local_aws.client("s3", me), bucket) == b"data"
    assert refused(read, client("s3", me, inside()), bucket)["Code"] == "AccessDenied"


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-For", "Forwarded", "X-Amz-Source-Vpce", "X-Amz-Vpc-Endpoint-Id", "Via", "Host"],
)
def test_a_header_changes_nothing(local_aws, place, header):
    bucket, me = place.bucket(only_through(place.gateway)), place.enter()
    s3 = local_aws.client("s3", me)
    values = {"Host": f"bucket.{place.gateway}-0a1b2c3d.s3.{REGION}.vpce.amazonaws.com"}

    def claim(request, **_):
        request.headers[header] = values.get(header, place.gateway)

    s3.meta.events.register("before-sign.s3.GetObject", claim)
    assert refused(read, s3, bucket)["Code"] in ("AccessDenied", "NoRouteToService")


def test_the_policy_of_the_endpoint_denies_who_comes_through_it(local_aws, place, inside):
    bucket, other, me = place.bucket(), place.bucket(), place.enter()
    allow = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    but = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    at, out = client("s3", me, inside()), local_aws.client("s3", me)
    change = place.ec2.modify_vpc_endpoint
    change(
        VpcEndpointId=place.gateway,
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allow, but]}),
    )
    try:
        error = refused(read, at, bucket)
        assert "explicit deny in a VPC endpoint policy" in error["Message"]
        event = local_aws.event(error["Message"].rpartition("explain: ")[2].rstrip("]"))
        assert event["vpcEndpointId"] == place.gateway
        assert event["sourceIPAddress"].startswith("10.20.1.")
        assert read(at, other) == read(out, bucket) == b"data"
    finally:
        change(VpcEndpointId=place.gateway, ResetPolicy=True)
    assert read(at, bucket) == b"data"


def test_an_endpoint_policy_that_says_nothing_of_the_action_denies_it(place, inside):
    only_list = {"Effect": "Allow", "Principal": "*", "Action": "kms:ListKeys", "Resource": "*"}
    name = place.endpoint("kms", {"Version": "2012-10-17", "Statement": [only_list]})
    kms = client("kms", place.enter(), inside())
    try:
        kms.list_keys()
        error = refused(kms.create_key)
        assert error["Code"] == "AccessDeniedException"
        assert "no VPC endpoint policy allows" in error["Message"]
    finally:
        place.ec2.delete_vpc_endpoints(VpcEndpointIds=[name])


def test_a_service_without_an_endpoint_is_out_of_reach(place, inside):
    sts = client("sts", place.enter(), inside())
    error = refused(sts.get_caller_identity)
    assert error["Code"] == "NoRouteToService"
    assert f"no VPC endpoint for com.amazonaws.{REGION}.sts" in error["Message"]
    name = place.endpoint("sts")
    try:
        assert sts.get_caller_identity()["Account"] == place.account
    finally:
        place.ec2.delete_vpc_endpoints(VpcEndpointIds=[name])
    assert refused(sts.get_caller_identity)["Code"] == "NoRouteToService"


def test_an_endpoint_without_private_dns_is_not_found_by_the_service_s_name(place, inside):
    name = place.endpoint("sts", PrivateDnsEnabled=False)
    try:
        error = refused(client("sts", place.enter(), inside()).get_caller_identity)
        assert f"{name} has no private DNS" in error["Message"]
    finally:
        place.ec2.delete_vpc_endpoints(VpcEndpointIds=[name])


def test_a_gateway_serves_the_subnets_of_its_route_tables(place, inside):
    bucket, me = place.bucket(), place.enter()
    error = refused(read, client("s3", me, inside(place.apart)), bucket)
    assert error["Code"] == "NoRouteToService"
    assert "is not in the route table of" in error["Message"]
    assert read(client("s3", me, inside(place.subnet)), bucket) == b"data"


def test_another_region_is_another_service(place, inside):
    error = refused(client("s3", place.enter(), inside(), region_name="us-east-1").list_buckets)
    assert "no VPC endpoint for com.amazonaws.us-east-1.s3" in error["Message"]


def test_a_nat_gateway_leads_to_the_internet(place, inside, local_aws):
    ec2, me = place.ec2, place.enter()
    door = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=door, VpcId=place.vpc)
    outside = ec2.create_subnet(VpcId=place.vpc, CidrBlock="10.20.9.0/24")["Subnet"]["SubnetId"]
    table = ec2.create_route_table(VpcId=place.vpc)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=outside)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=door)
    private = ec2.create_subnet(VpcId=place.vpc, CidrBlock="10.20.8.0/24")["Subnet"]["SubnetId"]
    behind = ec2.create_route_table(VpcId=place.vpc)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=behind, SubnetId=private)
    address = ec2.allocate_address(Domain="vpc")
    nat = ec2.create_nat_gateway(SubnetId=outside, AllocationId=address["AllocationId"])
    name = nat["NatGateway"]["NatGatewayId"]
    sts = client("sts", me, inside(private))
    assert refused(sts.get_caller_identity)["Code"] == "NoRouteToService"
    ec2.create_route(RouteTableId=behind, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=name)
    assert sts.get_caller_identity()["Account"] == place.account
    only_nat = {
        **only_through(""),
        "Condition": {"NotIpAddress": {"aws:SourceIp": f"{address['PublicIp']}/32"}},
    }
    bucket = place.bucket(only_nat)
    assert read(client("s3", me, inside(private)), bucket) == b"data"
    assert refused(read, local_aws.client("s3", me), bucket)["Code"] == "AccessDenied"
    # A public subnet alone is no way out for what has no public address.
    error = refused(client("sts", me, inside(outside)).get_caller_identity)
    assert error["Code"] == "NoRouteToService"

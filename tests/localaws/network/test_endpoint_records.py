"""VPC endpoints as EC2 keeps them: policies and their default, private DNS, types."""

from __future__ import annotations

import json

from network_places import REGION

EVERYTHING = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
NOTHING = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}


def described(place, name):
    (found,) = place.ec2.describe_vpc_endpoints(VpcEndpointIds=[name])["VpcEndpoints"]
    return found


def policy_of(place, name):
    return json.loads(described(place, name)["PolicyDocument"])["Statement"]


def test_full_access_unless_a_policy_is_given_and_again_when_it_is_reset(place):
    plain = place.endpoint("logs")
    given = place.endpoint("events", {"Version": "2012-10-17", "Statement": [NOTHING]})
    try:
        assert policy_of(place, plain) == [EVERYTHING]
        assert policy_of(place, given) == [NOTHING]
        text = json.dumps({"Version": "2012-10-17", "Statement": [NOTHING]})
        place.ec2.modify_vpc_endpoint(VpcEndpointId=plain, PolicyDocument=text)
        assert policy_of(place, plain) == [NOTHING]
        for name in (plain, given):
            place.ec2.modify_vpc_endpoint(VpcEndpointId=name, ResetPolicy=True)
            assert policy_of(place, name) == [EVERYTHING]
    finally:
        place.ec2.delete_vpc_endpoints(VpcEndpointIds=[plain, given])


def test_private_dns_is_turned_off_and_on(place):
    name = place.endpoint("logs")
    try:
        for wanted in (False, True):
            place.ec2.modify_vpc_endpoint(VpcEndpointId=name, PrivateDnsEnabled=wanted)
            assert described(place, name)["PrivateDnsEnabled"] is wanted
    finally:
        place.ec2.delete_vpc_endpoints(VpcEndpointIds=[name])


def test_one_of_no_stated_type_is_a_gateway(place):
    made = place.ec2.create_vpc_endpoint(
        VpcId=place.vpc, ServiceName=f"com.amazonaws.{REGION}.dynamodb"
    )["VpcEndpoint"]
    assert made["VpcEndpointType"] == "Gateway"
    place.ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])

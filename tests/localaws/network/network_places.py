"""An account with a VPC and an endpoint, and what the tests make in it."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

REGION = "eu-west-1"
QUIET = Config(retries={"max_attempts": 0, "mode": "standard"}, connect_timeout=5)


@dataclass
class Place:
    """An account with one VPC: two subnets, of which the second has routes of its own and no
    endpoint for S3."""

    local: Any
    account: str
    session: boto3.Session
    vpc: str
    subnet: str
    apart: str
    table: str
    gateway: str
    role: str

    @property
    def ec2(self) -> Any:
        return self.local.client("ec2", self.session)

    def endpoint(self, service: str, policy: dict[str, Any] | None = None, **more: Any) -> str:
        """Make an interface endpoint."""
        if policy is not None:
            more["PolicyDocument"] = json.dumps(policy)
        made = self.ec2.create_vpc_endpoint(
            VpcId=self.vpc,
            ServiceName=f"com.amazonaws.{REGION}.{service}",
            VpcEndpointType="Interface",
            **{"SubnetIds": [self.subnet], "PrivateDnsEnabled": True, **more},
        )
        return str(made["VpcEndpoint"]["VpcEndpointId"])

    def enter(self) -> boto3.Session:
        """A session of the account's role, which may do anything with S3, STS and KMS."""
        return self.local.assume(self.role)

    def bucket(self, *statements: dict[str, Any]) -> str:
        """A bucket with one object `k` and a policy."""
        name = f"net-{uuid.uuid4().hex[:12]}"
        s3 = self.local.client("s3", self.session)
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket=name, Key="k", Body=b"data")
        if statements:
            filled = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
            s3.put_bucket_policy(Bucket=name, Policy=filled.replace("BUCKET", name))
        return name


def only_through(endpoint: str) -> dict[str, Any]:
    """What a data bucket says that asks for an endpoint."""
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::BUCKET/*",
        "Condition": {"StringNotEquals": {"aws:SourceVpce": endpoint}},
    }


def make_place(local: Any, account: str) -> Place:
    session = local.administrator(account)
    ec2 = local.client("ec2", session)
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    first, second = (
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.20.{n}.0/24")["Subnet"]["SubnetId"]
        for n in (1, 2)
    )
    tables = []
    for subnet in (first, second):
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        tables.append(table)
    gateway = ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName=f"com.amazonaws.{REGION}.s3",
        VpcEndpointType="Gateway",
        RouteTableIds=[tables[0]],
    )["VpcEndpoint"]["VpcEndpointId"]
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["s3:*", "sts:*", "kms:*", "codecommit:*"],
                "Resource": "*",
            }
        ],
    }
    role = local.role(account, f"person-{uuid.uuid4().hex[:8]}", policy)
    return Place(local, account, session, vpc, first, second, tables[0], gateway, role)


def client(service: str, session: boto3.Session, endpoint: str, **more: Any) -> Any:
    """A client that comes by an endpoint."""
    return session.client(
        service, endpoint_url=endpoint, **{"config": QUIET, "region_name": REGION, **more}
    )

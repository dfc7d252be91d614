"""Two accounts with what the cases are made in."""

from __future__ import annotations

import json
from typing import Any

import pytest


@pytest.fixture(scope="session")
def sessions(local_aws: Any) -> dict[str, Any]:
    """Administrators: of the account that is guarded, and of another."""
    return {
        name: local_aws.administrator(local_aws.account(f"guarded-{name}"))
        for name in ("owner", "other")
    }


@pytest.fixture(scope="session")
def ground(local_aws: Any, sessions: dict[str, Any]) -> dict[str, Any]:
    """What every case finds: account ids, a role, a key, a bucket, a network."""
    owner, session = local_aws.account("guarded-owner"), sessions["owner"]
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    services = ["sagemaker", "lambda", "codebuild", "glue", "ec2", "rds", "elasticmapreduce"]
    names = [f"{name}.amazonaws.com" for name in services]
    role = local_aws.role(
        owner,
        "guarded",
        trust={
            "Version": "2012-10-17",
            "Statement": [{**trust, "Principal": {"Service": names}}],
        },
    )
    ec2 = local_aws.client("ec2", session)
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.9.{number}.0/24", AvailabilityZone=f"eu-west-1{zone}"
        )["Subnet"]["SubnetId"]
        for number, zone in enumerate("ab")
    ]
    group = ec2.create_security_group(GroupName="guarded", Description="g", VpcId=vpc)["GroupId"]
    key = local_aws.client("kms", session).create_key()["KeyMetadata"]["Arn"]
    bucket = f"guarded-{owner}"
    local_aws.client("s3", session).create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    everybody = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*"}]}
    return {
        "owner": owner,
        "other": local_aws.account("guarded-other"),
        "role": role,
        "vpc": vpc,
        "subnet": subnets[0],
        "second": subnets[1],
        "group": group,
        "key": key,
        "bucket": bucket,
        "open": json.dumps(everybody),
    }

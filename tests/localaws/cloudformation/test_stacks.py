"""Stacks through real boto3 clients: made, changed, rolled back, deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "sagemaker.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        },
        "Policies": [
            {
                "PolicyName": "read",
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": "s3:GetObject",
                            "Resource": {"Fn::Sub": "${Bucket.Arn}/*"},
                        }
                    ],
                },
            }
        ],
    },
}


def bucket(name: str, **more: Any) -> dict[str, Any]:
    properties = {"BucketName": name, "VersioningConfiguration": {"Status": "Enabled"}, **more}
    return {"Type": "AWS::S3::Bucket", "Properties": properties}


def template(**resources: Any) -> str:
    return json.dumps({"Resources": resources})


def test_a_stack_makes_its_resources_in_order_and_deletes_them(stacks, unique):
    name = unique("bucket")
    body = {
        "Resources": {"Role": ROLE, "Bucket": bucket(name)},
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}},
    }
    stack = stacks.create(unique("s"), json.dumps(body))
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    arn = stack["Outputs"][0]["OutputValue"]
    role = stacks.client("iam").get_role(RoleName=arn.rsplit("/", 1)[1])["Role"]
    assert role["Arn"] == arn
    s3 = stacks.client("s3")
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    stacks.delete(stack["StackName"])
    with pytest.raises(ClientError, match="404"):
        s3.head_bucket(Bucket=name)
    gone = stacks.cloudformation.describe_stacks(StackName=stack["StackId"])["Stacks"][0]
    assert gone["StackStatus"] == "DELETE_COMPLETE"

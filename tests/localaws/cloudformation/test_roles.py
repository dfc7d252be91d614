"""As whom a stack's calls are made, and that each of them is decided like anybody's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .test_stacks import parameter, template


def allow(*actions: str, resource: str = "*") -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


def service_role(stacks, name: str, *actions: str) -> str:
    principal = {"Service": "cloudformation.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [statement]}
    return str(stacks.aws.role(stacks.account, name, allow(*actions), trust))


def test_a_stack_may_what_its_role_may(stacks, unique):
    narrow = service_role(stacks, unique("narrow"), "ssm:*")
    refused = stacks.create(
        unique("s"), template(B={"Type": "AWS::S3::Bucket", "Properties": {}}), RoleARN=narrow
    )
    assert refused["StackStatus"] == "ROLLBACK_COMPLETE"
    assert any("s3:CreateBucket" in text for text in stacks.failures(refused["StackName"]))
    made = stacks.create(unique("s"), template(P=parameter("x")), RoleARN=narrow)
    assert made["StackStatus"] == "CREATE_COMPLETE"
    assert made["RoleARN"] == narrow
    assert stacks.delete(made["StackName"])["StackStatus"] == "DELETE_COMPLETE"


def test_who_may_not_pass_the_role_may_not_use_it(stacks, unique):
    target = service_role(stacks, unique("target"), "ssm:*")
    weak = stacks.aws.role(stacks.account, unique("weak"), allow("cloudformation:*", "ssm:*"))
    client = stacks.aws.client("cloudformation", stacks.aws.assume(weak))
    name, body = unique("s"), template(P=parameter("x"))
    with pytest.raises(ClientError, match="iam:PassRole"):
        client.create_stack(StackName=name, TemplateBody=body, RoleARN=target)
    made = client.create_stack(StackName=name, TemplateBody=body)
    assert stacks.settled(made["StackId"])["StackStatus"] == "CREATE_COMPLETE"
    stacks.delete(name)


def test_a_stack_without_a_role_acts_as_its_caller(stacks, unique):
    weak = stacks.aws.role(stacks.account, unique("weak"), allow("cloudformation:*"))
    client = stacks.aws.client("cloudformation", stacks.aws.assume(weak))
    made = client.create_stack(StackName=unique("s"), TemplateBody=template(P=parameter("x")))
    stack = stacks.settled(made["StackId"])
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert any("ssm:PutParameter" in text for text in stacks.failures(stack["StackId"]))


def test_a_role_that_does_not_trust_the_service_is_not_entered(stacks, unique):
    principal = {"Service": "codebuild.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [statement]}
    other = stacks.aws.role(stacks.account, unique("other"), allow("ssm:*"), trust)
    stack = stacks.create(unique("s"), template(P=parameter("x")), RoleARN=other)
    assert stack["StackStatus"] in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED")
    assert any("cannot be assumed" in text for text in stacks.failures(stack["StackId"]))


def test_a_template_comes_from_a_bucket_as_the_caller(stacks, unique):
    s3, bucket = stacks.client("s3"), unique("templates")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    padded = {"Description": "large", "Resources": {"P": parameter("x")}}
    body = json.dumps(padded) + " " * 60_000
    s3.put_object(Bucket=bucket, Key="t.json", Body=body.encode())
    name = unique("s")
    with pytest.raises(ClientError, match="51200"):
        stacks.create(name, body)
    url = f"https://{bucket}.s3.eu-west-1.amazonaws.com/t.json"
    made = stacks.cloudformation.create_stack(StackName=name, TemplateURL=url)
    assert stacks.settled(made["StackId"])["Description"] == "large"
    stacks.delete(name)

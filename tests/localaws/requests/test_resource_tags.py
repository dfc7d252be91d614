"""`aws:ResourceTag` on what the platform's services hold: allowed with the tag, denied without."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

TEAM = {"team": "churn"}
LISTED = [{"Key": "team", "Value": "churn"}]
LOWER = [{"key": "team", "value": "churn"}]


@pytest.fixture(scope="module")
def account(local_aws: Any) -> str:
    return str(local_aws.account("tagged"))


def _codecommit(client: Any, name: str, tagged: bool) -> Any:
    client.create_repository(repositoryName=name, tags=TEAM if tagged else {})
    return "get_repository", {"repositoryName": name}


def _codeartifact(client: Any, name: str, tagged: bool) -> Any:
    client.create_domain(domain=name, tags=LOWER if tagged else [])
    return "describe_domain", {"domain": name}


def _ecr(client: Any, name: str, tagged: bool) -> Any:
    client.create_repository(repositoryName=name, tags=LISTED if tagged else [])
    return "list_images", {"repositoryName": name}


def _sagemaker(client: Any, name: str, tagged: bool) -> Any:
    client.create_model_package_group(ModelPackageGroupName=name, Tags=LISTED if tagged else [])
    return "describe_model_package_group", {"ModelPackageGroupName": name}


def _codebuild(client: Any, name: str, tagged: bool) -> Any:
    client.create_project(
        name=name,
        source={"type": "NO_SOURCE", "buildspec": "version: 0.2"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "x",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
        serviceRole=f"arn:aws:iam::{client.account}:role/OrganizationAccountAccessRole",
        tags=LOWER if tagged else [],
    )
    return "batch_get_projects", {"names": [name]}


def _cloudformation(client: Any, name: str, tagged: bool) -> Any:
    body = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {}}}}
    client.create_stack(
        StackName=name, TemplateBody=json.dumps(body), Tags=LISTED if tagged else []
    )
    return "describe_stacks", {"StackName": name}


def _events(client: Any, name: str, tagged: bool) -> Any:
    pattern = json.dumps({"source": ["x"]})
    client.put_rule(Name=name, EventPattern=pattern, Tags=LISTED if tagged else [])
    return "describe_rule", {"Name": name}


def _logs(client: Any, name: str, tagged: bool) -> Any:
    client.create_log_group(logGroupName=name, tags=TEAM if tagged else {})
    return "describe_log_streams", {"logGroupName": name}


def _secretsmanager(client: Any, name: str, tagged: bool) -> Any:
    client.create_secret(Name=name, SecretString="x", Tags=LISTED if tagged else [])
    return "get_secret_value", {"SecretId": name}


def _kms(client: Any, name: str, tagged: bool) -> Any:
    key = client.create_key(Tags=[{"TagKey": "team", "TagValue": "churn"}] if tagged else [])
    return "describe_key", {"KeyId": key["KeyMetadata"]["KeyId"]}


def _sns(client: Any, name: str, tagged: bool) -> Any:
    topic = client.create_topic(Name=name, Tags=LISTED if tagged else [])
    return "get_topic_attributes", {"TopicArn": topic["TopicArn"]}


def _sqs(client: Any, name: str, tagged: bool) -> Any:
    queue = client.create_queue(QueueName=name, tags=TEAM if tagged else {})
    return "get_queue_attributes", {"QueueUrl": queue["QueueUrl"]}


def _ssm(client: Any, name: str, tagged: bool) -> Any:
    client.put_parameter(Name=name, Value="x", Type="String", Tags=LISTED if tagged else [])
    return "get_parameter", {"Name": name}


def _iam(client: Any, name: str, tagged: bool) -> Any:
    service = {"Service": "lambda.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [statement]}
    client.create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps(trust), Tags=LISTED if tagged else []
    )
    return "get_role", {"RoleName": name}


def _ec2(client: Any, name: str, tagged: bool) -> Any:
    given = [{"ResourceType": "vpc", "Tags": LISTED}] if tagged else []
    vpc = client.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=given)["Vpc"]["VpcId"]
    return "delete_vpc", {"VpcId": vpc}


_MAKERS = {
    "cloudformation": _cloudformation,
    "codeartifact": _codeartifact,
    "codebuild": _codebuild,
    "codecommit": _codecommit,
    "ec2": _ec2,
    "ecr": _ecr,
    "events": _events,
    "iam": _iam,
    "kms": _kms,
    "logs": _logs,
    "sagemaker": _sagemaker,
    "secretsmanager": _secretsmanager,
    "sns": _sns,
    "sqs": _sqs,
    "ssm": _ssm,
}


@pytest.fixture(scope="module")
def reader(local_aws: Any, account: str) -> Any:
    """A session that may do everything, on what is tagged for its team only."""
    statement = {
        "Effect": "Allow",
        "Action": "*",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:ResourceTag/team": "churn"}},
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return local_aws.assume(local_aws.role(account, "tagged-reader", policy))


@pytest.mark.parametrize("service", sorted(_MAKERS))
def test_policies_see_the_tags_of_resources(local_aws, account, reader, unique, service):
    maker = local_aws.client(service, local_aws.administrator(account))
    maker.account = account
    theirs = local_aws.client(service, reader)
    operation, params = _MAKERS[service](maker, unique("tagged"), True)
    getattr(theirs, operation)(**params)
    operation, params = _MAKERS[service](maker, unique("plain"), False)
    with pytest.raises(ClientError, match="not authorized"):
        getattr(theirs, operation)(**params)
    if service != "ec2":
        getattr(maker, operation)(**params)

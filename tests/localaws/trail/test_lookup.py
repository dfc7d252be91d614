"""The event history: filters, pages, and what an event tells without telling secrets."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def told(local_aws: Any) -> dict[str, Any]:
    """An account in which a few things were done."""
    account = local_aws.account("history")
    session = local_aws.administrator(account)
    secret = f"s3cr3t-{uuid.uuid4().hex}"
    sns = local_aws.client("sns", session)
    arns = [sns.create_topic(Name=f"told-{n}")["TopicArn"] for n in range(3)]
    local_aws.client("secretsmanager", session).create_secret(Name="told", SecretString=secret)
    ssm = local_aws.client("ssm", session)
    ssm.put_parameter(Name="/told/secure", Value=secret, Type="SecureString")
    ssm.put_parameter(Name="/told/plain", Value="seen", Type="String")
    iam = local_aws.client("iam", session)
    iam.create_user(UserName="told")
    key = iam.create_access_key(UserName="told")["AccessKey"]
    iam.create_login_profile(UserName="told", Password=f"{secret}Aa1!")
    codebuild = local_aws.client("codebuild", session)
    with pytest.raises(ClientError):
        codebuild.start_build(
            projectName="none",
            environmentVariablesOverride=[{"name": "TOKEN", "value": secret, "type": "PLAINTEXT"}],
        )
    local_aws.client("s3", session).list_buckets()
    return {
        "session": session,
        "arns": arns,
        "key": key["AccessKeyId"],
        "secrets": [secret, key["SecretAccessKey"]],
        "account": account,
    }


def _lookup(local_aws: Any, told: dict[str, Any], region: str = "eu-west-1", **more: Any) -> Any:
    attributes = [
        {"AttributeKey": k, "AttributeValue": v} for k, v in more.pop("attributes", {}).items()
    ]
    client = local_aws.client("cloudtrail", told["session"], region_name=region)
    return client.lookup_events(LookupAttributes=attributes, **more)


@pytest.mark.parametrize(
    ("key", "value", "names"),
    [
        ("EventName", "CreateTopic", {"CreateTopic"}),
        ("EventSource", "sns.amazonaws.com", {"CreateTopic"}),
        ("ResourceName", "told-1", {"CreateTopic"}),
        ("ResourceType", "AWS::SNS::Topic", {"CreateTopic"}),
        ("EventName", "None", set()),
        ("ResourceName", "told-", set()),
    ],
)
def test_events_are_found_by(
    local_aws: Any, told: dict[str, Any], key: str, value: str, names: set[str]
) -> None:
    events = _lookup(local_aws, told, attributes={key: value})["Events"]
    assert {e["EventName"] for e in events} == names


def test_events_are_found_by_who(local_aws: Any, told: dict[str, Any]) -> None:
    events = _lookup(local_aws, told, attributes={"Username": "test"})["Events"]
    assert "CreateTopic" in {e["EventName"] for e in events}
    one = next(e for e in events if e["EventName"] == "CreateTopic")
    same = _lookup(local_aws, told, attributes={"EventId": one["EventId"]})["Events"]
    assert [e["EventId"] for e in same] == [one["EventId"]]
    by_key = _lookup(local_aws, told, attributes={"AccessKeyId": one["AccessKeyId"]})["Events"]
    assert one["EventId"] in {e["EventId"] for e in by_key}
    reads = _lookup(local_aws, told, attributes={"ReadOnly": "true"})["Events"]
    assert {e["ReadOnly"] for e in reads} == {"true"}
    assert "ListBuckets" in {e["EventName"] for e in reads}


def test_pages_and_times(local_aws: Any, told: dict[str, Any]) -> None:
    asked = {"EventName": "CreateTopic"}
    first = _lookup(local_aws, told, attributes=asked, MaxResults=2)
    second = _lookup(local_aws, told, attributes=asked, MaxResults=2, NextToken=first["NextToken"])
    assert "NextToken" not in second
    resources = [e["Resources"][0]["ResourceName"] for e in first["Events"] + second["Events"]]
    assert resources == told["arns"][::-1]
    now = datetime.now(UTC)
    later = _lookup(local_aws, told, attributes=asked, StartTime=now + timedelta(hours=1))
    assert later["Events"] == []
    until = _lookup(local_aws, told, attributes=asked, EndTime=now + timedelta(hours=1))
    assert len(until["Events"]) == 3


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"NextToken": "x"}, "InvalidNextTokenException"),
        ({"MaxResults": 50, "NextToken": "2-0000000000000000"}, "InvalidNextTokenException"),
        (
            {"StartTime": datetime(2026, 2, 1), "EndTime": datetime(2026, 1, 1)},
            "InvalidTimeRangeException",
        ),
        (
            {"attributes": {"EventName": "a", "Username": "b"}},
            "InvalidLookupAttributesException",
        ),
    ],
)
def test_wrong_questions_are_refused(
    local_aws: Any, told: dict[str, Any], wrong: dict[str, Any], code: str
) -> None:
    with pytest.raises(ClientError, match=code):
        _lookup(local_aws, told, **wrong)


def test_regions_and_accounts_are_apart(local_aws: Any, told: dict[str, Any]) -> None:
    assert not _lookup(local_aws, told, region="us-west-2")["Events"]
    # IAM is one for all regions, and at home in us-east-1.
    users = _lookup(local_aws, told, region="us-east-1", attributes={"EventName": "CreateUser"})
    assert [e["Username"] for e in users["Events"]] == ["test"]
    other = local_aws.administrator(local_aws.account("no-history"))
    client = local_aws.client("cloudtrail", other)
    asked = [{"AttributeKey": "EventName", "AttributeValue": "CreateTopic"}]
    assert client.lookup_events(LookupAttributes=asked)["Events"] == []


def test_no_secret_is_told(local_aws: Any, told: dict[str, Any]) -> None:
    said = (local_aws.state / "trail.jsonl").read_text()
    for secret in told["secrets"]:
        assert secret not in said
    names = {"EventName": "PutParameter"}
    events = _lookup(local_aws, told, attributes=names)["Events"]
    values = [json.loads(e["CloudTrailEvent"])["requestParameters"]["value"] for e in events]
    assert values == ["***", "***"]
    (made,) = _lookup(local_aws, told, attributes={"EventName": "CreateSecret"})["Events"]
    assert json.loads(made["CloudTrailEvent"])["requestParameters"]["name"] == "told"


def test_a_record_is_in_the_shape_of_cloudtrails(local_aws: Any, told: dict[str, Any]) -> None:
    event = _lookup(local_aws, told, attributes={"EventName": "StartBuild"})["Events"][0]
    record = json.loads(event["CloudTrailEvent"])
    assert record["eventVersion"] == "1.11"
    assert record["errorCode"] == "ResourceNotFoundException"
    assert record["recipientAccountId"] == told["account"]
    assert record["eventSource"] == "codebuild.amazonaws.com"
    assert record["sourceIPAddress"] == "127.0.0.1"
    assert "Boto3" in record["userAgent"]
    assert record["requestParameters"]["environmentVariablesOverride"][0]["name"] == "TOKEN"
    session = record["userIdentity"]["sessionContext"]
    assert session["attributes"]["mfaAuthenticated"] == "false"
    assert session["sessionIssuer"]["type"] == "Role"
    assert record["userIdentity"]["principalId"].startswith(session["sessionIssuer"]["principalId"])


def test_a_caller_who_is_not_believed_is_on_the_trail_alone(
    local_aws: Any, told: dict[str, Any]
) -> None:
    frozen = told["session"].get_credentials().get_frozen_credentials()
    wrong = boto3.Session(frozen.access_key, "wrong", frozen.token, region_name="eu-west-1")
    with pytest.raises(ClientError):
        local_aws.client("ec2", wrong).describe_vpcs()
    lines = (local_aws.state / "trail.jsonl").read_text().splitlines()
    found = [json.loads(line) for line in lines if '"DescribeVpcs"' in line]
    (entry,) = [e for e in found if e["userIdentity"].get("accessKeyId") == frozen.access_key]
    assert entry["userIdentity"]["type"] == "Unknown"
    assert entry["landrail"]["decision"] == "Deny"
    assert not _lookup(local_aws, told, attributes={"EventName": "DescribeVpcs"})["Events"]


def test_what_a_service_does_says_which_service(local_aws: Any, told: dict[str, Any]) -> None:
    session = told["session"]
    iam = local_aws.client("iam", session)
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "cloudformation.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    role = iam.create_role(RoleName="stacks", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    iam.attach_role_policy(
        RoleName="stacks", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
    )
    body = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "by"}}}}
    cloudformation = local_aws.client("cloudformation", session)
    for name, given in (("by-role", {"RoleARN": role["Arn"]}), ("by-caller", {})):
        text = json.dumps(body).replace('"by"', f'"{name}"')
        cloudformation.create_stack(StackName=name, TemplateBody=text, **given)
        cloudformation.get_waiter("stack_create_complete").wait(
            StackName=name, WaiterConfig={"Delay": 1}
        )
        asked = {"ResourceName": name}
        (event,) = (
            e
            for e in _lookup(local_aws, told, attributes=asked)["Events"]
            if e["EventName"] == "CreateTopic"
        )
        record = json.loads(event["CloudTrailEvent"])
        assert record["userIdentity"]["invokedBy"] == "cloudformation.amazonaws.com"
        assert record["sourceIPAddress"] == "cloudformation.amazonaws.com"
        issuer = record["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"]
        assert issuer == ("stacks" if given else "OrganizationAccountAccessRole")

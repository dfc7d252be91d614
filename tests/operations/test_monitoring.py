"""Calls of the trail, decided by what a guardrail in `monitor` would attach: denied, not denied, or
not to be told."""

from __future__ import annotations

from typing import Any

import pytest

from landrail.operations.monitoring.deciding import Monitored, Told, decide
from landrail.operations.monitoring.records import Seen, read

UAT, OTHER = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{UAT}:role/landrail/data-scientist-churn"


def record(name: str, **changes: Any) -> dict[str, Any]:
    """Return a record of CloudTrail's of a call by a role of UAT."""
    source, _, event = name.partition(":")
    return {
        "eventID": "e-1",
        "eventTime": "2026-11-23T12:00:00Z",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": event,
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "10.0.0.7",
        "userAgent": "aws-cli",
        "recipientAccountId": UAT,
        "requestParameters": {},
        "userIdentity": {
            "type": "AssumedRole",
            "arn": f"arn:aws:sts::{UAT}:assumed-role/data-scientist-churn/ana",
            "accountId": UAT,
            "principalId": "AROA:ana",
            "sessionContext": {
                "sessionIssuer": {"arn": ROLE},
                "attributes": {"mfaAuthenticated": "false"},
            },
        },
        **changes,
    }


def told(statement: dict[str, Any], seen: dict[str, Any], kind: str = "SERVICE") -> Told:
    """Decide a call by one statement in force in UAT."""
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "S", "Effect": "Deny", "Resource": "*", **statement}],
    }
    found = read(seen, "o-landrail001")
    assert isinstance(found, Seen), found
    return decide(Monitored("g", f"{kind}_CONTROL_POLICY", document, frozenset({UAT})), found)


TRAINING = {
    "trainingJobName": "t",
    "resourceConfig": {"instanceType": "ml.m5.large", "volumeKmsKeyId": "k"},
    "vpcConfig": {"subnets": ["subnet-1"]},
    "enableNetworkIsolation": True,
    "tags": [{"key": "team", "value": "churn"}],
}
TYPES = "sagemaker:InstanceTypes"
DENIED, NOT, UNKNOWN = "denied", "not denied", "not to be told"
BY_HAND = {
    "Action": "s3:PutBucketVersioning",
    "Condition": {
        "ForAllValues:StringNotEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}
    },
}
"""What is left to stacks."""


def through(service: str) -> dict[str, Any]:
    """Return what a record says of a call that a service made for a role."""
    identity = {**record("s3:x")["userIdentity"], "invokedBy": service}
    return {"userIdentity": identity, "sourceIPAddress": service, "userAgent": service}


CASES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "an action": ({"Action": "iam:CreateUser"}, record("iam:CreateUser"), DENIED),
    "a call by hand": (BY_HAND, record("s3:PutBucketVersioning"), DENIED),
    "a call by hand through an endpoint": (
        BY_HAND,
        record("s3:PutBucketVersioning", vpcEndpointId="vpce-1"),
        DENIED,
    ),
    "a call of a service for somebody": (
        BY_HAND,
        record("s3:PutBucketVersioning", **through("cloudformation.amazonaws.com")),
        UNKNOWN,
    ),
    "a call that comes by no network": (
        {"Action": "s3:*", "Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}},
        record("s3:ListBuckets"),
        DENIED,
    ),
    "a call that comes by a network that is not named": (
        {"Action": "s3:*", "Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}},
        record("s3:ListBuckets", vpcEndpointId="vpce-1"),
        UNKNOWN,
    ),
    "another action": ({"Action": "iam:CreateUser"}, record("iam:CreateRole"), NOT),
    "an exempt role": (
        {"Action": "iam:*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": ROLE}}},
        record("iam:CreateUser"),
        NOT,
    ),
    "a role of the same name elsewhere": (
        {
            "Action": "iam:*",
            "Condition": {
                "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/data-scientist-churn"}
            },
        },
        record("iam:CreateUser"),
        DENIED,
    ),
    "a region": (
        {
            "Action": "sqs:CreateQueue",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": "us-east-2"}},
        },
        record("sqs:CreateQueue"),
        DENIED,
    ),
    "instance types that are not approved": (
        {
            "Action": "sagemaker:CreateTrainingJob",
            "Condition": {"ForAnyValue:StringNotLike": {TYPES: "ml.c5.*"}},
        },
        record("sagemaker:CreateTrainingJob", requestParameters=TRAINING),
        DENIED,
    ),
    "instance types that are approved": (
        {
            "Action": "sagemaker:CreateTrainingJob",
            "Condition": {"ForAnyValue:StringNotLike": {TYPES: "ml.m5.*"}},
        },
        record("sagemaker:CreateTrainingJob", requestParameters=TRAINING),
        NOT,
    ),
    "a network that is left out": (
        {
            "Action": "sagemaker:CreateTrainingJob",
            "Condition": {"Null": {"sagemaker:VpcSubnets": "true"}},
        },
        record("sagemaker:CreateTrainingJob", requestParameters={"trainingJobName": "t"}),
        DENIED,
    ),
    "a network that is given": (
        {
            "Action": "sagemaker:CreateTrainingJob",
            "Condition": {"Null": {"sagemaker:VpcSubnets": "true"}},
        },
        record("sagemaker:CreateTrainingJob", requestParameters=TRAINING),
        NOT,
    ),
    "isolation that is on": (
        {
            "Action": "sagemaker:CreateTrainingJob",
            "Condition": {"BoolIfExists": {"sagemaker:NetworkIsolation": "false"}},
        },
        record("sagemaker:CreateTrainingJob", requestParameters=TRAINING),
        NOT,
    ),
    "the definitions of a tuning job": (
        {
            "Action": "sagemaker:CreateHyperParameterTuningJob",
            "Condition": {"Null": {"sagemaker:VpcSubnets": "true"}},
        },
        record("sagemaker:CreateHyperParameterTuningJob"),
        UNKNOWN,
    ),
    "a tag that is not given": (
        {
            "Action": "sagemaker:CreateTrainingJob",
            "Condition": {"Null": {"aws:RequestTag/owner": "true"}},
        },
        record("sagemaker:CreateTrainingJob", requestParameters=TRAINING),
        DENIED,
    ),
    "a tag of the resource": (
        {
            "Action": "sagemaker:DeleteEndpoint",
            "Condition": {"StringEquals": {"aws:ResourceTag/a": "b"}},
        },
        record("sagemaker:DeleteEndpoint"),
        UNKNOWN,
    ),
    "a resource that the record names": (
        {"Action": "s3:PutBucketPolicy", "Resource": "arn:aws:s3:::acme-*"},
        record("s3:PutBucketPolicy", resources=[{"ARN": "arn:aws:s3:::acme-lake"}]),
        DENIED,
    ),
    "another resource": (
        {"Action": "s3:PutBucketPolicy", "Resource": "arn:aws:s3:::acme-*"},
        record("s3:PutBucketPolicy", resources=[{"ARN": "arn:aws:s3:::other"}]),
        NOT,
    ),
    "a resource that the record does not name": (
        {"Action": "s3:PutBucketPolicy", "Resource": "arn:aws:s3:::acme-*"},
        record("s3:PutBucketPolicy"),
        UNKNOWN,
    ),
    "an operation with an action of another name": (
        {"Action": "s3:PutEncryptionConfiguration"},
        record("s3:DeleteBucketEncryption"),
        DENIED,
    ),
    "transport that the record does not tell": (
        {"Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        record("s3:CreateBucket"),
        UNKNOWN,
    ),
    "transport by TLS": (
        {"Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        record("s3:CreateBucket", tlsDetails={"tlsVersion": "TLSv1.3"}),
        NOT,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_call_is_decided_as_far_as_the_trail_tells(name: str) -> None:
    statement, seen, expected = CASES[name]
    found = told(statement, seen)
    said = DENIED if found.sid == "S" else UNKNOWN if found.unknown else NOT
    assert said == expected
    if expected is UNKNOWN:
        assert found.unknown


def test_policies_on_resources_are_about_the_account_of_the_resource() -> None:
    statement = {"Principal": "*", "Action": "s3:PutBucketPolicy"}
    from_outside = record("s3:PutBucketPolicy")
    from_outside["userIdentity"] = {**from_outside["userIdentity"], "accountId": OTHER}
    assert told(statement, from_outside, "RESOURCE").sid == "S"
    elsewhere = record("s3:PutBucketPolicy", recipientAccountId=OTHER)
    assert told(statement, elsewhere, "RESOURCE") == Told()
    assert told({"Action": "s3:PutBucketPolicy"}, from_outside) == Told()


@pytest.mark.parametrize(
    "changes",
    [
        {"errorCode": "AccessDenied"},
        {"errorCode": "Client.UnauthorizedOperation"},
        {"userIdentity": {"type": "AWSService", "invokedBy": "config.amazonaws.com"}},
    ],
)
def test_what_was_denied_or_is_no_principal_s_is_not_counted(changes: dict[str, Any]) -> None:
    assert read(record("iam:CreateUser", **changes), "o-landrail001") == ""


@pytest.mark.parametrize(
    ("event", "action"),
    [
        ("ListBuckets", "s3:ListAllMyBuckets"),
        ("PutObjectLockConfiguration", "s3:PutBucketObjectLockConfiguration"),
        ("GetBucketNotificationConfiguration", "s3:GetBucketNotification"),
        ("DeleteBucketInventoryConfiguration", "s3:PutInventoryConfiguration"),
        ("ListBucketMetricsConfigurations", "s3:GetMetricsConfiguration"),
    ],
)
def test_operations_of_s3_are_decided_by_their_actions(event: str, action: str) -> None:
    found = read(record(f"s3:{event}"), "o-landrail001")
    assert isinstance(found, Seen)
    assert found.action == action


def test_an_action_that_is_not_known_is_said() -> None:
    said = read(record("iam:FoldUser"), "o-landrail001")
    assert said == "no action `iam:FoldUser` is known"

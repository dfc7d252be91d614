"""Services that use a key in their caller's name: the key has its say, and sees through whom."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

REGION = "eu-west-1"
USES = ["kms:Decrypt", "kms:GenerateDataKey*", "kms:Encrypt"]
_SERVICES = ["sqs:*", "sns:*", "secretsmanager:*", "ssm:*"]


class Place:
    """An account with a key that a role may use through some services only."""

    def __init__(self, local_aws: Any, unique: Callable[[str], str]) -> None:
        self.account = local_aws.account("used-keys")
        administrator = local_aws.administrator(self.account)
        self.admin = {
            name: local_aws.client(name, administrator)
            for name in ("kms", "sqs", "sns", "secretsmanager", "ssm")
        }
        services = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": _SERVICES, "Resource": "*"}],
        }
        self.role = local_aws.role(self.account, unique("user"), services)
        self.session = local_aws.assume(self.role)
        self.client = lambda name: local_aws.client(name, self.session)
        self.key = self.admin["kms"].create_key()["KeyMetadata"]["Arn"]

    def open_to(self, via: str | None, actions: list[str]) -> None:
        """Let the role use the key, through one service."""
        root = {"AWS": f"arn:aws:iam::{self.account}:root"}
        statements: list[dict[str, Any]] = [
            {"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}
        ]
        if via is not None:
            statements.append(
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": self.role},
                    "Action": actions,
                    "Resource": "*",
                    "Condition": {
                        "StringEquals": {"kms:ViaService": f"{via}.{REGION}.amazonaws.com"},
                        "ForAnyValue:StringEquals": {"aws:CalledVia": f"{via}.amazonaws.com"},
                    },
                }
            )
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        self.admin["kms"].put_key_policy(KeyId=self.key, PolicyName="default", Policy=policy)


@pytest.fixture
def place(local_aws: Any, unique: Callable[[str], str]) -> Place:
    return Place(local_aws, unique)


def denied(call: Callable[..., Any], action: str, **params: Any) -> None:
    with pytest.raises(ClientError) as raised:
        call(**params)
    assert action in raised.value.response["Error"]["Message"], raised.value


def test_an_encrypted_queue(place, unique):
    queue = place.admin["sqs"].create_queue(
        QueueName=unique("q"), Attributes={"KmsMasterKeyId": place.key}
    )["QueueUrl"]
    sqs = place.client("sqs")
    message = {"QueueUrl": queue, "MessageBody": "x"}
    denied(sqs.send_message, "kms:GenerateDataKey", **message)
    place.open_to("sns", USES)
    denied(sqs.send_message, "kms:GenerateDataKey", **message)
    place.open_to("sqs", USES)
    sqs.send_message(**message)
    place.open_to("sqs", ["kms:GenerateDataKey"])
    denied(sqs.receive_message, "kms:Decrypt", QueueUrl=queue)
    place.open_to("sqs", USES)
    assert sqs.receive_message(QueueUrl=queue)["Messages"][0]["Body"] == "x"


def test_an_encrypted_topic(place, unique):
    topic = place.admin["sns"].create_topic(
        Name=unique("t"), Attributes={"KmsMasterKeyId": place.key}
    )["TopicArn"]
    sns = place.client("sns")
    denied(sns.publish, "kms:GenerateDataKey", TopicArn=topic, Message="x")
    place.open_to("sns", USES)
    sns.publish(TopicArn=topic, Message="x")


def test_a_secret_under_a_key_of_ones_own(place, unique):
    name = unique("s")
    secrets = place.client("secretsmanager")
    made = {"Name": name, "SecretString": "x", "KmsKeyId": place.key}
    denied(secrets.create_secret, "kms:GenerateDataKey", **made)
    place.open_to("secretsmanager", USES)
    arn = secrets.create_secret(**made)["ARN"]
    assert secrets.get_secret_value(SecretId=name)["SecretString"] == "x"
    place.open_to(None, [])
    denied(secrets.get_secret_value, "kms:Decrypt", SecretId=arn)
    plain = unique("plain")
    secrets.create_secret(Name=plain, SecretString="y")
    assert secrets.get_secret_value(SecretId=plain)["SecretString"] == "y"


def test_a_secure_parameter(place, unique):
    name = f"/{unique('p')}"
    ssm = place.client("ssm")
    put = {"Name": name, "Value": "x", "Type": "SecureString", "KeyId": place.key}
    denied(ssm.put_parameter, "kms:Encrypt", **put)
    place.open_to("ssm", USES)
    ssm.put_parameter(**put)
    assert ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"] == "x"
    place.open_to(None, [])
    denied(ssm.get_parameter, "kms:Decrypt", Name=name, WithDecryption=True)
    ssm.get_parameter(Name=name)
    ssm.put_parameter(Name=f"{name}-plain", Value="x", Type="String")


def test_a_parameter_that_stands_for_a_secret_opens_no_more_than_the_secret(
    local_aws, place, unique
):
    name = unique("behind")
    place.admin["secretsmanager"].create_secret(Name=name, SecretString="x")
    asked = {"Name": f"/aws/reference/secretsmanager/{name}", "WithDecryption": True}
    statement = {"Effect": "Allow", "Action": "ssm:*", "Resource": "*"}
    only = {"Version": "2012-10-17", "Statement": [statement]}
    session = local_aws.assume(local_aws.role(place.account, unique("ssm"), only))
    denied(local_aws.client("ssm", session).get_parameter, "GetSecretValue", **asked)
    assert place.client("ssm").get_parameter(**asked)["Parameter"]["Value"] == "x"


def test_a_policy_names_a_secret_by_its_whole_arn(local_aws, place, unique):
    name = unique("named")
    arn = place.admin["secretsmanager"].create_secret(Name=name, SecretString="x")["ARN"]
    statement = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue"}
    for resource, allowed in ((arn, True), (f"{arn[:-7]}-??????", True), (arn[:-7], False)):
        policy = {"Version": "2012-10-17", "Statement": [{**statement, "Resource": resource}]}
        session = local_aws.assume(local_aws.role(place.account, unique("reader"), policy))
        secrets = local_aws.client("secretsmanager", session)
        for asked in (name, arn):
            if allowed:
                assert secrets.get_secret_value(SecretId=asked)["SecretString"] == "x"
            else:
                denied(secrets.get_secret_value, "GetSecretValue", SecretId=asked)


def test_a_key_that_is_not_there_is_not_found_and_opens_nothing(local_aws, place):
    kms = place.admin["kms"]
    for name in ("alias/nobody-made-this", "11111111-2222-3333-4444-555555555555"):
        with pytest.raises(ClientError) as raised:
            kms.describe_key(KeyId=name)
        assert raised.value.response["Error"]["Code"] == "NotFoundException"
    denied(place.client("kms").describe_key, "kms:DescribeKey", KeyId="alias/nobody-made-this")

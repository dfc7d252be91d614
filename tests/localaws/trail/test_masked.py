"""What the trail may not tell: secrets by their shape, by their name and by their company."""

from __future__ import annotations

import io
import json
from typing import Any

import botocore.session
import pytest

from landrail.localaws.trail import masked

_SECRET = "hush-4711"
_SESSION = botocore.session.Session()


def _shown(service: str, operation: str, params: dict[str, Any], answer: bool = False) -> Any:
    model = _SESSION.get_service_model(service).operation_model(operation)
    return masked(params, model.output_shape if answer else model.input_shape)


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("secretsmanager", "PutSecretValue", {"SecretId": "seen", "SecretString": _SECRET}),
        ("ssm", "PutParameter", {"Name": "seen", "Value": _SECRET, "Type": "SecureString"}),
        ("iam", "CreateLoginProfile", {"UserName": "seen", "Password": _SECRET}),
        ("iam", "ChangePassword", {"OldPassword": _SECRET, "NewPassword": _SECRET}),
        ("kms", "Encrypt", {"KeyId": "seen", "Plaintext": _SECRET.encode()}),
        (
            "sts",
            "AssumeRoleWithWebIdentity",
            {"RoleArn": "seen", "WebIdentityToken": _SECRET},
        ),
        ("s3", "PutObject", {"Bucket": "seen", "Key": "k", "Body": _SECRET.encode()}),
        ("s3", "PutObject", {"Bucket": "seen", "Key": "k", "Body": io.BytesIO(b"hush-4711")}),
        ("s3", "GetObject", {"Bucket": "seen", "Key": "k", "SSECustomerKey": _SECRET}),
        (
            "codebuild",
            "StartBuild",
            {
                "projectName": "seen",
                "environmentVariablesOverride": [{"name": "SEEN", "value": _SECRET}],
            },
        ),
        (
            "lambda",
            "CreateFunction",
            {"FunctionName": "seen", "Environment": {"Variables": {"SEEN": _SECRET}}},
        ),
        (
            "sagemaker",
            "CreateTrainingJob",
            {"TrainingJobName": "seen", "Environment": {"SEEN": _SECRET}},
        ),
        (
            "cloudformation",
            "CreateStack",
            {"StackName": "seen", "TemplateURL": f"https://b/k?X-Amz-Signature={_SECRET}&v=1"},
        ),
        ("codecommit", "CreateRepository", {"repositoryName": f"https://u:{_SECRET}@host/seen"}),
        (
            "rds",
            "CreateDBInstance",
            {"DBInstanceIdentifier": "seen", "MasterUserPassword": _SECRET},
        ),
    ],
)
def test_a_secret_is_not_told_and_the_rest_is(
    service: str, operation: str, params: dict[str, Any]
) -> None:
    said = json.dumps(_shown(service, operation, params))
    assert _SECRET not in said
    assert "seen" in said.lower() or operation == "ChangePassword"


def test_credentials_that_are_given_out_are_named_without_their_secret() -> None:
    given = {"AccessKeyId": "ASIA", "SecretAccessKey": _SECRET, "SessionToken": _SECRET}
    said = _shown("sts", "AssumeRole", {"Credentials": given}, answer=True)
    assert said["credentials"] == {
        "accessKeyId": "ASIA",
        "secretAccessKey": "***",
        "sessionToken": "***",
    }


def test_names_are_written_as_cloudtrail_writes_them() -> None:
    tags = [{"Key": "Team", "Value": "Churn"}]
    said = _shown("iam", "CreateRole", {"RoleName": "r", "Tags": tags})
    assert said == {"roleName": "r", "tags": [{"key": "Team", "value": "Churn"}]}


def test_the_names_of_maps_stay_as_they_are() -> None:
    said = _shown("sqs", "CreateQueue", {"QueueName": "q", "tags": {"Team": "Churn"}})
    assert said == {"queueName": "q", "tags": {"Team": "Churn"}}


def test_a_long_text_is_cut_and_a_policy_is_not() -> None:
    policy = json.dumps({"Statement": ["x" * 9000]})
    said = _shown("iam", "PutRolePolicy", {"PolicyDocument": policy})
    assert said["policyDocument"] == policy
    body = _shown("cloudformation", "CreateStack", {"TemplateBody": "x" * 9000})
    assert len(body["templateBody"]) < 600

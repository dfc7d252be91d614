"""The fixes: each is of a rule there is, makes calls of AWS, and leaves alone what it must."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from landrail.aws.sessions import is_mutating
from landrail.inventory import Refused
from landrail.policy.reference.services import action_names
from landrail.rules.catalogue import fix_actions, fixes, rules
from landrail.rules.fix import Call, NotSafe, Subject
from landrail.rules.unsafe import WHY

ACCOUNT, REGION = "111111111111", "eu-west-1"
ARN = "arn:aws:service:eu-west-1:111111111111:thing/name"
OWNER = {"ID": "owner"}
ALL_USERS = {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"}
LOGS = {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"}


@dataclass
class Standing:
    """An Ask whose answers are given; a code in the place of one is refused."""

    answers: Mapping[str, dict[str, Any] | str] = field(default_factory=dict)
    account: str = ACCOUNT
    region: str = REGION

    def __call__(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
        answer = self.answers.get(f"{service}:{operation}", {})
        if isinstance(answer, str):
            raise Refused(answer, operation)
        return answer


USUAL = {
    "s3:GetBucketAcl": {"Owner": OWNER, "Grants": []},
    "s3:GetBucketPolicy": "NoSuchBucketPolicy",
    "ec2:DescribeSecurityGroups": {
        "SecurityGroups": [
            {
                "IpPermissions": [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-1"}]}],
                "IpPermissionsEgress": [
                    {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
                ],
            }
        ]
    },
    "sagemaker:DescribeNotebookInstance": {"NotebookInstanceStatus": "Stopped"},
    "config:DescribeConfigurationRecorders": {"ConfigurationRecorders": [{"name": "r"}]},
    "config:DescribeDeliveryChannels": {"DeliveryChannels": [{"name": "d"}]},
}


def calls(rule: str, answers: Mapping[str, Any] | None = None, **given: Any) -> tuple[Call, ...]:
    plain = {"resource_id": "name", "arn": ARN, "parameters": rules()[rule].parameters}
    subject = Subject(ACCOUNT, REGION, **{**plain, **given})
    return fixes()[rule].calls(Standing({**USUAL, **(answers or {})}), subject)


@pytest.mark.parametrize("rule", sorted(fixes()))
def test_its_calls_are_calls_of_aws_that_change_something(rule: str) -> None:
    made = calls(rule)
    assert made
    for call in made:
        model = botocore.session.get_session().get_service_model(call.service)
        shape = model.operation_model(call.operation).input_shape
        given = {"LogicalId": "unused"} if shape is None else dict(call.parameters)
        report = ParamValidator().validate(given, shape)
        assert not report.has_errors(), report.generate_report()
        assert is_mutating(call.operation)


@pytest.mark.parametrize("action", fix_actions())
def test_its_actions_are_those_there_are(action: str) -> None:
    service, name = action.split(":")
    assert name in action_names(service)


def test_rules_with_a_fix_or_a_reason_are_rules_there_are() -> None:
    assert set(fixes()) <= set(rules())
    assert set(WHY) <= set(rules())
    assert not set(fixes()) & set(WHY)


def test_a_public_acl_loses_everybody_and_keeps_the_others() -> None:
    grants = [
        {"Grantee": ALL_USERS, "Permission": "READ"},
        {"Grantee": LOGS, "Permission": "WRITE"},
        {"Grantee": {"Type": "CanonicalUser", **OWNER}, "Permission": "FULL_CONTROL"},
    ]
    acl, block = calls(
        "s3-bucket-public-read-prohibited",
        {"s3:GetBucketAcl": {"Owner": OWNER, "Grants": grants}},
    )
    assert acl.parameters["AccessControlPolicy"] == {"Owner": OWNER, "Grants": grants[1:]}
    assert set(block.parameters["PublicAccessBlockConfiguration"].values()) == {True}


def statement(principal: Any, effect: str = "Allow") -> dict[str, Any]:
    said = {"Effect": effect, "Principal": principal, "Action": "s3:*", "Resource": "*"}
    return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [said]})}


@pytest.mark.parametrize(
    "principal",
    ["*", {"AWS": "*"}, {"AWS": "arn:aws:iam::222222222222:root"}, {"AWS": ["222222222222"]}],
)
def test_a_bucket_that_others_read_keeps_its_key(principal: Any) -> None:
    with pytest.raises(NotSafe, match="choose one"):
        calls("s3-default-encryption-kms", {"s3:GetBucketPolicy": statement(principal)})


@pytest.mark.parametrize(
    ("policy", "given"),
    [
        ("NoSuchBucketPolicy", {}),
        (statement({"AWS": f"arn:aws:iam::{ACCOUNT}:role/x"}), {}),
        (statement("*", "Deny"), {}),
        (statement("*"), {"parameters": {"kmsKeyArns": f"{ARN}, other"}}),
    ],
    ids=["none", "its own account", "denies", "a key is asked for"],
)
def test_another_bucket_is_encrypted(policy: Any, given: dict[str, Any]) -> None:
    [call] = calls("s3-default-encryption-kms", {"s3:GetBucketPolicy": policy}, **given)
    [rule] = call.parameters["ServerSideEncryptionConfiguration"]["Rules"]
    default = rule["ApplyServerSideEncryptionByDefault"]
    assert default["SSEAlgorithm"] == "aws:kms"
    assert default.get("KMSMasterKeyID") == (ARN if given else None)


def test_a_default_group_in_use_is_left_alone() -> None:
    used = {"ec2:DescribeNetworkInterfaces": {"NetworkInterfaces": [{}]}}
    with pytest.raises(NotSafe):
        calls("vpc-default-security-group-closed", used)
    assert len(calls("vpc-default-security-group-closed")) == 2


def test_a_notebook_that_runs_is_left_alone() -> None:
    running = {"sagemaker:DescribeNotebookInstance": {"NotebookInstanceStatus": "InService"}}
    with pytest.raises(NotSafe):
        calls("sagemaker-notebook-imdsv2", running)


def test_a_recorder_that_is_not_there_is_not_started() -> None:
    with pytest.raises(NotSafe, match="landrail apply"):
        calls("config-recorder-on", {"config:DescribeDeliveryChannels": {}})


def test_a_recorder_that_leaves_types_out_keeps_its_role_and_times() -> None:
    group = {"allSupported": False, "resourceTypes": ["AWS::EC2::VPC"]}
    own = {"name": "r", "roleARN": ARN, "recordingMode": {"recordingFrequency": "DAILY"}}
    theirs = {"name": "AWSConfigurationRecorderForX", "servicePrincipal": "x.amazonaws.com"}
    there = {"ConfigurationRecorders": [theirs, {**own, "arn": ARN, "recordingGroup": group}]}
    [call] = calls("config-recorder-all-types", {"config:DescribeConfigurationRecorders": there})
    everything = {"allSupported": True, "includeGlobalResourceTypes": True}
    assert call.parameters == {"ConfigurationRecorder": {**own, "recordingGroup": everything}}
    with pytest.raises(NotSafe, match="landrail apply"):
        calls(
            "config-recorder-all-types",
            {"config:DescribeConfigurationRecorders": {"ConfigurationRecorders": [theirs]}},
        )


@pytest.mark.parametrize(("asked", "kept"), [("365", 365), ("366", 400), ("4000", 3653)])
def test_logs_are_kept_at_least_as_long_as_is_asked(asked: str, kept: int) -> None:
    [call] = calls("cw-loggroup-retention-period-check", parameters={"MinRetentionTime": asked})
    assert call.parameters["retentionInDays"] == kept

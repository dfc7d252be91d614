"""The engine benchmark's work: one identity policy, three levels of SCPs, distinct requests.

The policies are of the kinds that a data-science role lives under: wildcards in actions and
resources, variables, every family of condition operators, denials that need a key to be there and
denials that fire when it is not. The requests meet every statement, some pass, some do not.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from landrail.policy import (
    ContextValue,
    Level,
    Policies,
    PolicyInForce,
    Principal,
    Request,
    parse_document,
)

_ACCOUNT = "111122223333"
_HERE = f"eu-west-1:{_ACCOUNT}"
_SEED = 20261123


@dataclass(frozen=True)
class Workload:
    """Documents as they are written, the policies made of them, and the requests."""

    identity: dict[str, Any]
    scps: list[dict[str, Any]]
    policies: Policies
    requests: tuple[Request, ...]


def workload(count: int) -> Workload:
    """Make `count` distinct requests in random order (fixed seed)."""
    identity = PolicyInForce(parse_document(_IDENTITY, kind="identity"), "scientist")
    levels = tuple(
        Level(
            str(level["id"]),
            tuple(PolicyInForce(parse_document(d, kind="scp"), "scp") for d in level["policies"]),
        )
        for level in _SCPS
    )
    draw = random.Random(_SEED)
    requests = [_request(draw, number) for number in range(count)]
    draw.shuffle(requests)
    return Workload(_IDENTITY, _SCPS, Policies(identity=(identity,), scps=levels), tuple(requests))


def _request(draw: random.Random, number: int) -> Request:
    kind = draw.choice(tuple(_RESOURCES))
    action = draw.choice(_ACTIONS[kind])
    resource = _RESOURCES[kind].format(n=number, team=draw.choice(("churn", "fraud", "pricing")))
    name = draw.choice(("scientist", "mlops", "landrail/release"))
    person = f"person-{number % 977}"
    principal = Principal(
        "session",
        f"arn:aws:sts::{_ACCOUNT}:assumed-role/{name.rpartition('/')[2]}/{person}",
        _ACCOUNT,
        role_arn=f"arn:aws:iam::{_ACCOUNT}:role/{name}",
        user_id=f"AROAEXAMPLE:{person}",
        session_name=person,
        tags={"team": draw.choice(("churn", "fraud")), "stage": draw.choice(("dev", "prod"))},
    )
    return Request(principal, action, resource, _ACCOUNT, _context(draw, number, kind))


def _context(draw: random.Random, number: int, kind: str) -> dict[str, ContextValue]:
    context: dict[str, ContextValue] = {
        "aws:RequestedRegion": draw.choice(_REGIONS),
        "aws:SecureTransport": "false" if draw.random() < 0.02 else "true",
        "aws:CurrentTime": f"2026-11-{1 + number % 28:02d}T{number % 24:02d}:00:00Z",
        "aws:PrincipalOrgID": "o-acme",
        "aws:ViaAWSService": "false",
        "aws:MultiFactorAuthPresent": draw.choice(("true", "false")),
        "aws:SourceIp": f"198.51.{draw.randrange(98, 102)}.{number % 256}",
    }
    if draw.random() < 0.5:
        context["aws:SourceVpce"] = f"vpce-{draw.randrange(4)}"
    if draw.random() < 0.5:
        context["aws:ResourceTag/team"] = draw.choice(("churn", "fraud"))
    if kind == "job":
        context["sagemaker:InstanceTypes"] = ("ml.m5.large", draw.choice(_TYPES))
        if draw.random() < 0.8:
            context["sagemaker:VpcSubnets"] = (f"subnet-{number % 5}",)
        if draw.random() < 0.8:
            context["sagemaker:VolumeKmsKey"] = f"arn:aws:kms:{_HERE}:key/{number % 7}"
        context["aws:TagKeys"] = ("team", draw.choice(("cost", "owner", "secret")))
        context["aws:RequestTag/team"] = draw.choice(("churn", "fraud"))
    if kind == "bucket":
        context["s3:prefix"] = f"home/person-{number % 977}/"
        context["s3:max-keys"] = str(draw.randrange(2000))
    if kind == "role":
        context["iam:PassedToService"] = draw.choice(
            ("sagemaker.amazonaws.com", "ec2.amazonaws.com")
        )
    return context


_REGIONS = (*["eu-west-1"] * 6, *["eu-central-1"] * 3, "us-east-1")
_TYPES = ("ml.m5.xlarge", "ml.g5.2xlarge", "ml.p4d.24xlarge")
_RESOURCES = {
    "object": "arn:aws:s3:::acme-{team}-data/raw/2026/part-{n}.parquet",
    "home": "arn:aws:s3:::acme-workspace/home/person-{n}/notes.ipynb",
    "bucket": "arn:aws:s3:::acme-{team}-{n}",
    "job": "arn:aws:sagemaker:" + _HERE + ":training-job/{team}-{n}",
    "endpoint": "arn:aws:sagemaker:" + _HERE + ":endpoint/{team}-{n}",
    "key": "arn:aws:kms:" + _HERE + ":key/{n}",
    "role": "arn:aws:iam::" + _ACCOUNT + ":role/{team}/job-{n}",
    "repository": "arn:aws:codecommit:" + _HERE + ":{team}-{n}",
    "logs": "arn:aws:logs:" + _HERE + ":log-group:/aws/sagemaker/{team}:log-stream:{n}",
    "secret": "arn:aws:secretsmanager:" + _HERE + ":secret:{team}/db-{n}-AbCdEf",
}
_ACTIONS = {
    "object": ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectTagging"),
    "home": ("s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"),
    "bucket": ("s3:ListBucket", "s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucket"),
    "job": ("sagemaker:CreateTrainingJob", "sagemaker:StopTrainingJob", "sagemaker:AddTags"),
    "endpoint": ("sagemaker:InvokeEndpoint", "sagemaker:DeleteEndpoint"),
    "key": ("kms:Decrypt", "kms:GenerateDataKey", "kms:ScheduleKeyDeletion", "kms:CreateGrant"),
    "role": ("iam:PassRole", "iam:GetRole", "iam:PutRolePolicy", "iam:DeleteRole"),
    "repository": ("codecommit:GitPull", "codecommit:GitPush", "codecommit:DeleteRepository"),
    "logs": ("logs:GetLogEvents", "logs:DeleteLogStream", "logs:PutLogEvents"),
    "secret": ("secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"),
}


def _allow(actions: object, resources: object, **condition: dict[str, object]) -> dict[str, Any]:
    return _statement("Allow", actions, resources, condition)


def _deny(actions: object, resources: object, **condition: dict[str, object]) -> dict[str, Any]:
    return _statement("Deny", actions, resources, condition)


def _statement(
    effect: str, actions: object, resources: object, condition: dict[str, dict[str, object]]
) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": effect, "Action": actions, "Resource": resources}
    if condition:
        statement["Condition"] = {k.replace("_", ":"): v for k, v in condition.items()}
    return statement


_JOBS = f"arn:aws:sagemaker:{_HERE}:*"
_IDENTITY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        _allow(["s3:Get*", "s3:List*"], ["arn:aws:s3:::acme-*", "arn:aws:s3:::acme-*/raw/*"]),
        _allow(
            ["s3:PutObject", "s3:AbortMultipart*"],
            "arn:aws:s3:::acme-workspace/home/${aws:PrincipalTag/team}/*",
        ),
        _allow("s3:*Object", "arn:aws:s3:::acme-${aws:PrincipalTag/team, 'none'}-data/*"),
        _allow(
            "s3:ListBucket",
            "arn:aws:s3:::acme-*",
            StringLike={"s3:prefix": ["home/*", "shared/*"]},
            NumericLessThanEquals={"s3:max-keys": "1000"},
        ),
        _allow(
            ["sagemaker:Create*", "sagemaker:AddTags"],
            _JOBS,
            StringEquals={"aws:RequestTag/team": "${aws:PrincipalTag/team}"},
            ForAllValues_StringEquals={"aws:TagKeys": ["team", "cost", "owner"]},
        ),
        _allow(
            ["sagemaker:Stop*", "sagemaker:Describe*", "sagemaker:List*"],
            "*",
            StringEqualsIfExists={"aws:ResourceTag/team": ["churn", "fraud"]},
        ),
        _allow("sagemaker:InvokeEndpoint", f"arn:aws:sagemaker:{_HERE}:endpoint/churn-*"),
        _allow(
            ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:DescribeKey"],
            f"arn:aws:kms:*:{_ACCOUNT}:key/*",
        ),
        _allow("kms:CreateGrant", "*", Bool={"kms:GrantIsForAWSResource": "true"}),
        _allow(
            "iam:PassRole",
            f"arn:aws:iam::{_ACCOUNT}:role/*/job-*",
            StringEquals={"iam:PassedToService": "sagemaker.amazonaws.com"},
        ),
        _allow(["iam:Get*", "iam:List*"], "*"),
        _allow("codecommit:Git*", f"arn:aws:codecommit:*:{_ACCOUNT}:churn-*"),
        _allow(
            ["logs:GetLogEvents", "logs:FilterLogEvents", "logs:Describe*"],
            f"arn:aws:logs:{_HERE}:log-group:/aws/sagemaker/*",
        ),
        _allow(
            "secretsmanager:GetSecretValue",
            f"arn:aws:secretsmanager:{_HERE}:secret:churn/*",
            IpAddress={"aws:SourceIp": ["198.51.100.0/24", "203.0.113.0/24"]},
        ),
        _allow(["cloudwatch:Get*", "cloudwatch:List*", "athena:*", "glue:Get*"], "*"),
        _deny("s3:Delete*", "arn:aws:s3:::acme-*-data/*", Bool={"aws:SecureTransport": "false"}),
        _deny(
            "*", "arn:aws:s3:::acme-pricing-*", StringNotEquals={"aws:PrincipalTag/team": "pricing"}
        ),
        _deny(
            ["kms:ScheduleKeyDeletion", "kms:DisableKey"],
            "*",
            BoolIfExists={"aws:MultiFactorAuthPresent": "false"},
        ),
        _deny("*", "*", DateGreaterThan={"aws:CurrentTime": "2027-01-01T00:00:00Z"}),
        _deny("iam:*", "*", StringNotLike={"aws:userid": ["AROAEXAMPLE:*"]}),
    ],
}
_FULL = {"Version": "2012-10-17", "Statement": _allow("*", "*")}
_RELEASE = f"arn:aws:iam::{_ACCOUNT}:role/landrail/release"
_SCPS: list[dict[str, Any]] = [
    {
        "id": "root",
        "policies": [
            _FULL,
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Deny",
                        "NotAction": ["iam:*", "sts:*", "organizations:*", "support:*"],
                        "Resource": "*",
                        "Condition": {
                            "StringNotEquals": {
                                "aws:RequestedRegion": ["eu-west-1", "eu-central-1"]
                            }
                        },
                    },
                    _deny("*", "*", Null={"aws:PrincipalOrgID": "true"}),
                    _deny(["organizations:LeaveOrganization", "account:CloseAccount"], "*"),
                ],
            },
        ],
    },
    {
        "id": "Workloads",
        "policies": [
            _FULL,
            {
                "Version": "2012-10-17",
                "Statement": [
                    _deny(
                        ["sagemaker:CreateTrainingJob", "sagemaker:CreateProcessingJob"],
                        "*",
                        Null={"sagemaker:VpcSubnets": "true"},
                    ),
                    _deny("sagemaker:Create*", "*", Null={"sagemaker:VolumeKmsKey": "true"}),
                    _deny(
                        "sagemaker:Create*",
                        "*",
                        ForAnyValue_StringNotLike={
                            "sagemaker:InstanceTypes": ["ml.t3.*", "ml.m5.*", "ml.g5.*"]
                        },
                    ),
                    _deny(
                        ["s3:PutBucketPolicy", "s3:PutBucketAcl", "s3:DeleteBucketPolicy"],
                        "*",
                        ArnNotLike={"aws:PrincipalArn": [_RELEASE]},
                    ),
                ],
            },
        ],
    },
    {
        "id": _ACCOUNT,
        "policies": [
            _FULL,
            {
                "Version": "2012-10-17",
                "Statement": [
                    _deny(
                        ["sagemaker:*Endpoint*", "sagemaker:CreateModel"],
                        "*",
                        ArnNotLike={"aws:PrincipalArn": ["arn:aws:iam::*:role/landrail/*"]},
                        Bool={"aws:ViaAWSService": "false"},
                    ),
                    _deny(
                        ["s3:GetObject", "s3:PutObject"],
                        "*",
                        StringNotEqualsIfExists={"aws:SourceVpce": ["vpce-0", "vpce-1", "vpce-2"]},
                    ),
                    _deny(
                        ["iam:Put*", "iam:Attach*", "iam:Delete*", "iam:Update*"],
                        "arn:aws:iam::*:role/landrail/*",
                    ),
                ],
            },
        ],
    },
]

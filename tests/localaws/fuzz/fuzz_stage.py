"""What is fuzzed: an account with things that its principal may touch, and things that it may not.

The principal's policy is narrow; whatever lies outside of it carries a canary, so that a leak shows
in an answer, and is looked at before and after, so that a change shows too.
"""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import dataclass
from typing import Any

from signed_wire import Key

CANARY = "canary-e3b0c44298fc1c149afbf4c8996fb924"
REGION = "eu-west-1"
NAME = "fuzz-target"
BUCKET, OUTSIDE = "fuzz-bucket-of-tests", "fuzz-outside-of-tests"
LOCKED = "allowed/locked"


@dataclass(frozen=True)
class Stage:
    """The account, its principal's key, and who looks at it afterwards."""

    local: Any
    account: str
    key: Key
    session: Any
    admin: Any

    @property
    def endpoint(self) -> str:
        """Where the local AWS listens."""
        return str(self.local.endpoint)

    def may(self, action: str, resource: str) -> bool:
        """Whether the policy allows this, said a second time and in another way."""
        for actions, pattern in self._allowed():
            if action in actions and re.fullmatch(pattern, resource, re.DOTALL):
                return f"/{LOCKED}" not in resource or action == "s3:GetObject"
        return action == "sts:GetCallerIdentity"

    def _allowed(self) -> list[tuple[tuple[str, ...], str]]:
        one = f"{REGION}:{self.account}"
        return [
            (_S3_OBJECT, rf"arn:aws:s3:::{BUCKET}/allowed/.*"),
            (("s3:ListBucket",), rf"arn:aws:s3:::{BUCKET}"),
            (_SSM, rf"arn:aws:ssm:{one}:parameter/allowed/.*"),
            (_SQS, rf"arn:aws:sqs:{one}:{NAME}"),
            (_LOGS, rf"arn:aws:logs:{one}:log-group:{NAME}(:.*)?"),
            (("iam:GetRole",), rf"arn:aws:iam::{self.account}:role/{NAME}"),
            (_ANYWHERE, r".*"),
            (_ECR, rf"arn:aws:ecr:{one}:repository/{NAME}"),
            (("codecommit:GetRepository",), rf"arn:aws:codecommit:{one}:{NAME}"),
            (("sts:AssumeRole",), rf"arn:aws:iam::{self.account}:role/{NAME}-other"),
        ]


_S3_OBJECT = (
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:PutObjectTagging",
    "s3:GetObjectTagging",
)
_SSM = ("ssm:GetParameter", "ssm:GetParameters", "ssm:PutParameter")
_SQS = ("sqs:SendMessage", "sqs:ReceiveMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl")
_LOGS = ("logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams")
_ANYWHERE = (
    "ec2:DescribeVpcs",
    "codeartifact:ListDomains",
    "cloudwatch:ListMetrics",
    "ecr:GetAuthorizationToken",
)
_ECR = ("ecr:DescribeImages", "ecr:BatchGetImage", "ecr:ListImages")


def _policy(account: str) -> str:
    one = f"{REGION}:{account}"
    allowed = [
        (_S3_OBJECT, f"arn:aws:s3:::{BUCKET}/allowed/*"),
        (("s3:ListBucket",), f"arn:aws:s3:::{BUCKET}"),
        (_SSM, f"arn:aws:ssm:{one}:parameter/allowed/*"),
        (_SQS, f"arn:aws:sqs:{one}:{NAME}"),
        (_LOGS, f"arn:aws:logs:{one}:log-group:{NAME}*"),
        (("iam:GetRole",), f"arn:aws:iam::{account}:role/{NAME}"),
        (_ANYWHERE, "*"),
        (_ECR, f"arn:aws:ecr:{one}:repository/{NAME}"),
        (("codecommit:GetRepository",), f"arn:aws:codecommit:{one}:{NAME}"),
        (("sts:AssumeRole",), f"arn:aws:iam::{account}:role/{NAME}-other"),
    ]
    statements = [{"Effect": "Allow", "Action": list(a), "Resource": r} for a, r in allowed]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


_SCP = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "Action": ["s3:PutObject", "s3:DeleteObject", "s3:PutObjectTagging"],
            "Resource": f"arn:aws:s3:::{BUCKET}/{LOCKED}*",
        }
    ],
}


def make_stage(local: Any) -> Stage:
    """Make it all in a member account of its own."""
    account = local.account("fuzz")
    admin = local.administrator(account)
    iam = local.client("iam", admin)
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    trust = {"Effect": "Allow", "Principal": root, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=document, Description="open")
    iam.create_role(RoleName=f"{NAME}-other", AssumeRolePolicyDocument=document, Description=CANARY)
    iam.put_role_policy(RoleName=NAME, PolicyName="narrow", PolicyDocument=_policy(account))
    iam.create_role(RoleName="fuzz-closed", AssumeRolePolicyDocument=document, Description=CANARY)
    _things(local, admin)
    _scp(local, account)
    session = local.assume(f"arn:aws:iam::{account}:role/{NAME}", "fuzz", by=admin)
    found = session.get_credentials()
    key = Key(found.access_key, found.secret_key, found.token)
    return Stage(local, account, key, session, admin)


def _things(local: Any, admin: Any) -> None:
    s3 = local.client("s3", admin)
    for bucket in (BUCKET, OUTSIDE):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=BUCKET, Key="allowed/open", Body=b"open")
    s3.put_object(Bucket=BUCKET, Key="allowed/locked", Body=b"locked")
    for bucket, name in ((BUCKET, "closed/a"), (BUCKET, "allowed"), (OUTSIDE, "allowed/open")):
        s3.put_object(Bucket=bucket, Key=name, Body=CANARY.encode())
    ssm = local.client("ssm", admin)
    ssm.put_parameter(Name="/allowed/one", Value="open", Type="String")
    ssm.put_parameter(Name="/closed/one", Value=CANARY, Type="String")
    sqs = local.client("sqs", admin)
    for name in (NAME, "fuzz-closed"):
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=CANARY)
    logs = local.client("logs", admin)
    for name in (NAME, "closed"):
        logs.create_log_group(logGroupName=name)
    local.client("ec2", admin).create_vpc(CidrBlock="10.9.0.0/16")
    for name in (NAME, "fuzz-closed"):
        local.client("ecr", admin).create_repository(repositoryName=name)
        local.client("codecommit", admin).create_repository(
            repositoryName=name, repositoryDescription=CANARY if name != NAME else "open"
        )
    local.client("codeartifact", admin).create_domain(domain="fuzz-domain")


def _scp(local: Any, account: str) -> None:
    organizations = local.client("organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    with contextlib.suppress(organizations.exceptions.PolicyTypeAlreadyEnabledException):
        organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    policy = organizations.create_policy(
        Name="fuzz-locked",
        Description="",
        Type="SERVICE_CONTROL_POLICY",
        Content=json.dumps(_SCP),
    )["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=policy, TargetId=account)


def snapshot(stage: Stage) -> dict[str, Any]:
    """Everything in the account that the principal may not change."""
    local, admin = stage.local, stage.admin
    s3, ssm = local.client("s3", admin), local.client("ssm", admin)
    iam, sqs = local.client("iam", admin), local.client("sqs", admin)
    objects = {
        (bucket, found["Key"]): found["ETag"]
        for bucket in (BUCKET, OUTSIDE)
        for found in s3.list_objects_v2(Bucket=bucket).get("Contents", ())
        if bucket == OUTSIDE or not found["Key"].startswith("allowed/")
    }
    objects["locked"] = s3.get_object(Bucket=BUCKET, Key="allowed/locked")["Body"].read()
    closed = sqs.get_queue_url(QueueName="fuzz-closed")["QueueUrl"]
    roles = {
        role["RoleName"]: (role["RoleId"], role.get("Description"), role.get("Tags"))
        for role in iam.list_roles()["Roles"]
    }
    return {
        "buckets": sorted(b["Name"] for b in s3.list_buckets()["Buckets"]),
        "objects": objects,
        "closed": ssm.get_parameter(Name="/closed/one")["Parameter"]["Version"],
        "roles": roles,
        "policy": iam.get_role_policy(RoleName=NAME, PolicyName="narrow")["PolicyDocument"],
        "queues": sorted(sqs.list_queues()["QueueUrls"]),
        "messages": sqs.get_queue_attributes(QueueUrl=closed, AttributeNames=["All"])["Attributes"][
            "ApproximateNumberOfMessages"
        ],
        "groups": sorted(
            (g["logGroupName"])
            for g in local.client("logs", admin).describe_log_groups()["logGroups"]
        ),
        "streams": local.client("logs", admin).describe_log_streams(logGroupName="closed")[
            "logStreams"
        ],
        "repositories": sorted(
            r["repositoryName"]
            for r in local.client("ecr", admin).describe_repositories()["repositories"]
        ),
    }

"""Everything a platform holds, as the API tells it: what two moments are compared by.

For each account and service it makes every call that lists or describes without being told what,
then the calls that look into what was found. A call that is refused is kept as its error.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from landrail.operations.enter import enter

SERVICES = (
    *("organizations", "iam", "s3", "s3control", "kms", "ecr", "codecommit", "cloudformation"),
    *("sagemaker", "ssm", "ec2", "config", "events", "logs", "glue", "sns", "sqs", "lambda"),
    *("codepipeline", "codebuild", "codeartifact", "cloudtrail", "secretsmanager", "lakeformation"),
)
_READS = re.compile(r"(List|Describe|Get)[A-Z]")
# What differs from call to call by design, or grows with every call made (the trail, its objects).
_LEFT = {
    "GetAuthorizationToken",
    "ListPublicKeys",
    "GetRandomPassword",
    "GetCredentialReport",
    "GenerateCredentialReport",
    "DescribeLogStreams",
    "DescribeInstanceTypes",
    "DescribeInstanceTypeOfferings",
    "DescribeSpotPriceHistory",
    "DescribeImages",
    "DescribeSnapshots",
    "GetAccountAuthorizationDetails",
    "ListPolicies",
    "GetParameterHistory",
    "DescribeReservedInstancesOfferings",
    "DescribeVpcEndpointServices",
}
_MOVING = {
    *("ResponseMetadata", "NextToken", "nextToken", "Marker"),
    "ComplianceSummaryTimestamp",  # when it was asked
    # when a rule last ran: a change that is still on its way makes it run once more
    *("LastSuccessfulInvocationTime", "LastSuccessfulEvaluationTime"),
}
# service -> (listing call, path to its items, name of a looked-into call, its parameter, item's)
_INTO: Mapping[str, tuple[tuple[str, str, str, str, str], ...]] = {
    "organizations": (
        (
            "ListPolicies?Filter=SERVICE_CONTROL_POLICY",
            "Policies",
            "DescribePolicy",
            "PolicyId",
            "Id",
        ),
        (
            "ListPolicies?Filter=SERVICE_CONTROL_POLICY",
            "Policies",
            "ListTargetsForPolicy",
            "PolicyId",
            "Id",
        ),
        (
            "ListPolicies?Filter=RESOURCE_CONTROL_POLICY",
            "Policies",
            "ListTargetsForPolicy",
            "PolicyId",
            "Id",
        ),
        ("ListAccounts", "Accounts", "ListParents", "ChildId", "Id"),
        ("ListAccounts", "Accounts", "ListTagsForResource", "ResourceId", "Id"),
        ("ListRoots", "Roots", "ListOrganizationalUnitsForParent", "ParentId", "Id"),
    ),
    "iam": (
        ("ListRoles", "Roles", "GetRole", "RoleName", "RoleName"),
        ("ListRoles", "Roles", "ListAttachedRolePolicies", "RoleName", "RoleName"),
        ("ListRoles", "Roles", "ListRolePolicies", "RoleName", "RoleName"),
        ("ListPolicies?Scope=Local", "Policies", "GetPolicy", "PolicyArn", "Arn"),
    ),
    "kms": (
        ("ListKeys", "Keys", "DescribeKey", "KeyId", "KeyId"),
        ("ListKeys", "Keys", "GetKeyRotationStatus", "KeyId", "KeyId"),
        ("ListKeys", "Keys", "ListResourceTags", "KeyId", "KeyId"),
    ),
    "cloudformation": (
        ("DescribeStacks", "Stacks", "DescribeStackResources", "StackName", "StackName"),
        ("DescribeStacks", "Stacks", "GetTemplate", "StackName", "StackName"),
        ("DescribeStacks", "Stacks", "DescribeStackEvents", "StackName", "StackName"),
    ),
    "events": (
        ("ListRules", "Rules", "DescribeRule", "Name", "Name"),
        ("ListRules", "Rules", "ListTargetsByRule", "Rule", "Name"),
    ),
    "ecr": (
        (
            "DescribeRepositories",
            "repositories",
            "DescribeImages",
            "repositoryName",
            "repositoryName",
        ),
        (
            "DescribeRepositories",
            "repositories",
            "GetLifecyclePolicy",
            "repositoryName",
            "repositoryName",
        ),
    ),
    "codecommit": (
        ("ListRepositories", "repositories", "ListBranches", "repositoryName", "repositoryName"),
        ("ListRepositories", "repositories", "GetRepository", "repositoryName", "repositoryName"),
    ),
    "codepipeline": (
        ("ListPipelines", "pipelines", "GetPipeline", "name", "name"),
        ("ListPipelines", "pipelines", "ListPipelineExecutions", "pipelineName", "name"),
    ),
    "sagemaker": (
        ("ListEndpoints", "Endpoints", "DescribeEndpoint", "EndpointName", "EndpointName"),
        ("ListModels", "Models", "DescribeModel", "ModelName", "ModelName"),
        (
            "ListTrainingJobs",
            "TrainingJobSummaries",
            "DescribeTrainingJob",
            "TrainingJobName",
            "TrainingJobName",
        ),
        ("ListDomains", "Domains", "DescribeDomain", "DomainId", "DomainId"),
        (
            "ListModelPackageGroups",
            "ModelPackageGroupSummaryList",
            "ListModelPackages",
            "ModelPackageGroupName",
            "ModelPackageGroupName",
        ),
    ),
    "ssm": (("DescribeParameters", "Parameters", "GetParameter", "Name", "Name"),),
    "sns": (("ListTopics", "Topics", "GetTopicAttributes", "TopicArn", "TopicArn"),),
    "glue": (("GetDatabases", "DatabaseList", "GetTables", "DatabaseName", "Name"),),
    "cloudtrail": (("DescribeTrails", "trailList", "GetEventSelectors", "TrailName", "TrailARN"),),
}
_missing: set[tuple[str, str]] = set()
"""Calls that the local AWS does not have, asked for once."""
_OF_BUCKETS = (
    *("GetBucketPolicy", "GetBucketEncryption", "GetBucketVersioning", "GetBucketTagging"),
    *("GetPublicAccessBlock", "GetBucketLifecycleConfiguration", "GetBucketLocation"),
    *("GetBucketOwnershipControls", "GetBucketNotificationConfiguration", "GetBucketLogging"),
)


def inventory(file: Path, accounts: list[str], who: str = "break-glass") -> dict[str, Any]:
    """Everything in these accounts of the platform of a file, as one of its people sees it."""
    found: dict[str, Any] = {}
    for name in accounts:
        environment = enter(file, f"{who}@{name}").environment
        found |= {f"{name} {key}": value for key, value in of_account(environment).items()}
    return found


def of_account(environment: Mapping[str, str]) -> dict[str, Any]:
    """Everything in the account that these variables enter."""
    session = boto3.Session(
        environment["AWS_ACCESS_KEY_ID"],
        environment["AWS_SECRET_ACCESS_KEY"],
        environment["AWS_SESSION_TOKEN"],
        region_name=environment["AWS_REGION"],
    )
    look = _Look(session, environment)
    with ThreadPoolExecutor(2) as pool:
        parts = pool.map(lambda service: dict(look.service(service)), SERVICES)
        return {key: value for part in parts for key, value in part.items()}


class _Look:
    """Looks into one account."""

    def __init__(self, session: boto3.Session, environment: Mapping[str, str]) -> None:
        self._account = environment["LANDRAIL_ACCOUNT_ID"]
        usual = environment["AWS_ENDPOINT_URL"]
        settings = Config(
            retries={"max_attempts": 0},
            s3={"addressing_style": "path"},
            parameter_validation=False,
            proxies={"http": usual},
        )
        own = {"s3control": environment["AWS_ENDPOINT_URL_S3_CONTROL"]}
        self._clients = {
            name: session.client(name, endpoint_url=own.get(name, usual), config=settings)
            for name in SERVICES
        }

    def service(self, name: str) -> Iterator[tuple[str, Any]]:
        """What every call of a service tells that needs no name, and what it leads to."""
        model = self._clients[name].meta.service_model
        for operation in model.operation_names:
            if (name, operation) in _missing:
                continue
            shape = model.operation_model(operation).input_shape
            required = shape.required_members if shape else []
            if _READS.match(operation) and operation not in _LEFT and not required:
                yield f"{name} {operation}", self.ask(name, operation)
        for listing, items, call, parameter, field in _INTO.get(name, ()):
            operation, _, more = listing.partition("?")
            given = dict([more.split("=")]) if more else {}
            listed = self.ask(name, operation, **given)
            yield f"{name} {listing}", listed
            for item in listed.get(items) or []:
                value = item[field] if isinstance(item, dict) else item
                yield f"{name} {call} {value}", self.ask(name, call, **{parameter: value})
        if name == "s3":
            yield from self._objects()
        if name == "iam":
            yield from self._inline()
        if name == "s3control":
            yield "block", self.ask(name, "GetPublicAccessBlock", AccountId=self._account)

    def ask(self, service: str, operation: str, **given: Any) -> Any:
        """An answer as plain data, or the error's code."""
        client = self._clients[service]
        try:
            answer = getattr(client, xform_name(operation))(**given)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 501:
                _missing.add((service, operation))
            return {"error": code}
        return plain(answer)

    def _inline(self) -> Iterator[tuple[str, Any]]:
        for role in self.ask("iam", "ListRoles").get("Roles", []):
            named = {"RoleName": role["RoleName"]}
            for policy in self.ask("iam", "ListRolePolicies", **named).get("PolicyNames", []):
                told = self.ask("iam", "GetRolePolicy", **named, PolicyName=policy)
                yield f"iam GetRolePolicy {role['RoleName']} {policy}", told

    def _objects(self) -> Iterator[tuple[str, Any]]:
        for bucket in self.ask("s3", "ListBuckets").get("Buckets", []):
            name = bucket["Name"]
            for call in _OF_BUCKETS:
                yield f"s3 {call} {name}", self.ask("s3", call, Bucket=name)
            listed = self.ask("s3", "ListObjectVersions", Bucket=name)
            versions = [v for v in listed.get("Versions", []) if not _of_the_trail(v["Key"])]
            yield f"s3 versions {name}", versions
            for v in versions:
                where = {"Bucket": name, "Key": v["Key"], "VersionId": v["VersionId"]}
                yield f"s3 object {where}", self.ask("s3", "GetObject", **where)


def _of_the_trail(key: str) -> bool:
    return "/CloudTrail/" in key or "/CloudTrail-Digest/" in key or "/Config/" in key


def plain(value: Any) -> Any:
    """An answer without what moves by design; bodies by their digest, times as text."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k not in _MOVING}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if hasattr(value, "read"):
        return hashlib.sha256(value.read()).hexdigest()
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What is not the same, one line each."""
    return [
        f"{key}\n   before {_short(before.get(key))}\n   after  {_short(after.get(key))}"
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key) and tuple(key.split()[1:3]) not in _missing
    ]


def _short(value: Any) -> str:
    return json.dumps(value)[:3000]

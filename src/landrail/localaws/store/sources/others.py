"""Resource policies and tags of the remaining services, by ARN.

Policies are read by each service's own operation; tags from the tag registries that moto's
backends share.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from moto.core.resource_tagging import iter_taggable_backends

from landrail.localaws.api import ApiError
from landrail.localaws.store.peek import PARTITION, backend
from landrail.localaws.store.routes import package
from landrail.localaws.store.sources import iam, kms, organizations, s3

Execute = Callable[[str, str, str, str, Mapping[str, Any]], dict[str, Any]]


def resource_policy(execute: Execute, account: str, region: str, arn: str) -> str | None:
    """Return the resource policy on an ARN; None where it has none, or is of no such service."""
    service, resource = _parts(arn)
    reader = _READERS.get(service)
    if reader is None:
        return None
    operation, params, pick = reader(arn, resource, account)
    botocore_name = "events" if service == "events" else service
    try:
        return pick(execute(account, region, botocore_name, operation, params))
    except ApiError as error:
        if error.status >= 500:
            raise
        return None


def _parts(arn: str) -> tuple[str, str]:
    parts = arn.split(":", 5)
    return (parts[2], parts[5]) if len(parts) == 6 else ("", "")


Reader = tuple[str, dict[str, Any], Callable[[dict[str, Any]], str | None]]


def _ecr(_arn: str, resource: str, account: str) -> Reader:
    name = resource.removeprefix("repository/")
    params = {"registryId": account, "repositoryName": name}
    return "GetRepositoryPolicy", params, lambda found: found.get("policyText")


def _sns(arn: str, resource: str, _account: str) -> Reader:
    topic = ":".join([*arn.split(":")[:5], resource.split(":")[0]])
    return (
        "GetTopicAttributes",
        {"TopicArn": topic},
        lambda found: found.get("Attributes", {}).get("Policy"),
    )


def _sqs(arn: str, resource: str, account: str) -> Reader:
    region = arn.split(":")[3]
    url = f"https://sqs.{region}.amazonaws.com/{account}/{resource}"
    return (
        "GetQueueAttributes",
        {"QueueUrl": url, "AttributeNames": ["Policy"]},
        lambda found: found.get("Attributes", {}).get("Policy"),
    )


def _secret(arn: str, _resource: str, _account: str) -> Reader:
    return "GetResourcePolicy", {"SecretId": arn}, lambda found: found.get("ResourcePolicy")


def _bus(_arn: str, resource: str, _account: str) -> Reader:
    name = resource.removeprefix("event-bus/") if resource.startswith("event-bus/") else "default"
    return "DescribeEventBus", {"Name": name}, lambda found: found.get("Policy")


def _glue(_arn: str, _resource: str, _account: str) -> Reader:
    return "GetResourcePolicy", {}, lambda found: found.get("PolicyInJson")


def _logs(_arn: str, _resource: str, _account: str) -> Reader:
    return "DescribeResourcePolicies", {}, _merged


def _merged(found: dict[str, Any]) -> str | None:
    """Logs has several policies for an account; together they are one."""
    statements: list[Any] = []
    for policy in found.get("resourcePolicies", ()):
        document = json.loads(policy["policyDocument"])
        statement = document.get("Statement", [])
        statements += statement if isinstance(statement, list) else [statement]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}) if statements else None


_READERS: Mapping[str, Callable[[str, str, str], Reader]] = {
    "ecr": _ecr,
    "sns": _sns,
    "sqs": _sqs,
    "secretsmanager": _secret,
    "events": _bus,
    "glue": _glue,
    "logs": _logs,
}


def resource_tags(account: str, region: str, arn: str) -> Mapping[str, str]:
    """Return the tags of a resource; none where it is not there."""
    service, resource = _parts(arn)
    if service == "iam":
        return _iam_tags(account, resource)
    if service == "s3":
        return s3.bucket_tags(resource) if "/" not in resource else {}
    if service == "kms":
        return kms.tags(account, region, arn)
    if service == "organizations":
        return organizations.tags(arn)
    if service == "ec2":
        ec2 = backend("ec2", account, region)
        return {} if ec2 is None else dict(ec2.tags.get(resource.rpartition("/")[2], {}))
    return _registered_tags(account, region, service, arn)


def _iam_tags(account: str, resource: str) -> Mapping[str, str]:
    kind, _, rest = resource.partition("/")
    name = rest.rpartition("/")[2]
    found: iam.Role | iam.User | None = None
    if kind == "role":
        found = iam.role(account, name)
    elif kind == "user":
        found = iam.user(account, name)
    if found is not None:
        return found.tags
    held = backend("iam", account)
    arn = f"arn:aws:iam::{account}:{resource}"
    policy = None if held is None else held.managed_policies.get(arn)
    return {} if policy is None else {t["Key"]: t["Value"] for t in policy.get_tags()}


def _registered_tags(account: str, region: str, service: str, arn: str) -> Mapping[str, str]:
    for candidate in (region, PARTITION):
        try:
            held = backend(package(service), account, candidate)
        except ModuleNotFoundError:
            return {}
        tagger = getattr(held, "tagger", None)
        if tagger is not None:
            tags: Mapping[str, str] = tagger.get_tag_dict_for_resource(arn)
            if tags:
                return tags
    for taggable in iter_taggable_backends(account, region):
        if taggable.owns_arn(arn):
            for tagged in taggable.iter_tagged_resources():
                if tagged.arn == arn:
                    return tagged.tags
    return {}

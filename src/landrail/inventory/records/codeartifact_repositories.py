"""CodeArtifact repositories, as Config records them: in CloudFormation's names."""

from __future__ import annotations

import json
from collections.abc import Iterator

from landrail.inventory.record import Answer, Item, Record, Shape
from landrail.inventory.table import Row

_ABSENT = "ResourceNotFoundException"


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    listed = [_listed(item) for item in items]
    yield Answer("codeartifact", "ListRepositories", {}, {"repositories": listed})
    for item, told in zip(items, listed, strict=True):
        which = {
            "domain": told["domainName"],
            "domainOwner": told["domainOwner"],
            "repository": told["name"],
        }
        policy = item.configuration.get("PermissionsPolicyDocument")
        answer = {"policy": {"document": json.dumps(policy)}} if policy else _ABSENT
        yield Answer("codeartifact", "GetRepositoryPermissionsPolicy", which, answer)
        names = item.configuration.get("ExternalConnections") or ()
        connections = [{"externalConnectionName": name} for name in names]
        described = {"repository": {**told, "externalConnections": connections}}
        yield Answer("codeartifact", "DescribeRepository", which, described)
        tags = {"tags": [{"key": k, "value": v} for k, v in item.tags.items()]}
        yield Answer("codeartifact", "ListTagsForResource", {"resourceArn": item.arn}, tags)


def _listed(item: Item) -> dict[str, str | None]:
    told = item.configuration
    return {
        "name": told.get("RepositoryName") or told.get("Name") or item.name,
        "administratorAccount": item.account_id,
        "domainName": told.get("DomainName"),
        "domainOwner": told.get("DomainOwner") or item.account_id,
        "arn": item.arn,
        "createdTime": item.created,
    }


def _shape(row: Row) -> Shape:
    told = row.get("configuration") or {}
    policy = told.get("policy")
    return {
        "Arn": row["arn"],
        "Name": row["resource_name"],
        "RepositoryName": row["resource_name"],
        "DomainName": told.get("domainName"),
        "DomainOwner": told.get("domainOwner"),
        "ExternalConnections": [c for c in (row.get("external_connections") or "").split(",") if c],
        **({"PermissionsPolicyDocument": policy} if policy else {}),
    }, {}


RECORD = Record(
    table="codeartifact_repositories",
    types=("AWS::CodeArtifact::Repository",),
    answers=_answers,
    shape=_shape,
)

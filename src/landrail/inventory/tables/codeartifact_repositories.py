"""CodeArtifact repositories: where their packages come from, and whom their policies let in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask, items, or_none, wants
from landrail.inventory.describing import each, told_tags
from landrail.inventory.outside import outsiders
from landrail.inventory.table import Column, Row, Table, listed

_GONE = "ResourceNotFoundException"


def _collect(ask: Ask) -> Iterator[Row]:
    found = items(ask, "codeartifact", "ListRepositories", "repositories")
    named = {entry["arn"]: entry for entry in found if entry["administratorAccount"] == ask.account}
    yield from each(ask, named, lambda arn: _rows(ask, named[arn]))


def _rows(ask: Ask, entry: Mapping[str, Any]) -> Iterator[Row]:
    name, arn = entry["name"], entry["arn"]
    which = {
        "domain": entry["domainName"],
        "domainOwner": entry["domainOwner"],
        "repository": name,
    }
    row: dict[str, Any] = {
        "resource_id": arn,
        "resource_name": name,
        "arn": arn,
        "created": entry.get("createdTime"),
        "tags": told_tags(ask, "codeartifact", "ListTagsForResource", "tags", resourceArn=arn),
        "configuration": dict(entry),
        "domain": entry["domainName"],
    }
    if wants(ask, "outsiders"):
        operation = "GetRepositoryPermissionsPolicy"
        told = or_none(ask, _GONE, "codeartifact", operation, **which) or {}
        text = (told.get("policy") or {}).get("document")
        policy = json.loads(text) if text else None
        row["outsiders"] = listed(outsiders(policy, ask))
        row["configuration"]["policy"] = policy
    if wants(ask, "external_connections"):
        described = or_none(ask, _GONE, "codeartifact", "DescribeRepository", **which)
        if described is None:
            return
        connections = described["repository"].get("externalConnections") or ()
        row["external_connections"] = listed(one["externalConnectionName"] for one in connections)
    yield row


TABLE = Table(
    name="codeartifact_repositories",
    resource_type="AWS::CodeArtifact::Repository",
    services=("codeartifact",),
    columns=(
        Column("domain", "text", "the domain that it is in"),
        Column("outsiders", "text", "whom its policy lets in from outside the organization"),
        Column("external_connections", "text", "the public repositories that it fetches from"),
    ),
    collect=_collect,
    reads=(
        "codeartifact:DescribeRepository",
        "codeartifact:GetRepositoryPermissionsPolicy",
        "codeartifact:ListRepositories",
        "codeartifact:ListTagsForResource",
    ),
)

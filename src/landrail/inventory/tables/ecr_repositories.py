"""ECR repositories: scanning, tags that stay, keys, and whom their policies let in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from landrail.inventory.ask import Ask, Once, items, or_none, wants
from landrail.inventory.describing import each, told_tags
from landrail.inventory.keys import is_customers
from landrail.inventory.outside import outsiders
from landrail.inventory.table import Column, Row, Table, listed

_NO_POLICY = ("RepositoryPolicyNotFoundException", "RepositoryNotFoundException")
_NO_LIFECYCLE = ("LifecyclePolicyNotFoundException", "RepositoryNotFoundException")
_OFTEN = ("SCAN_ON_PUSH", "CONTINUOUS_SCAN")


def _collect(ask: Ask) -> Iterator[Row]:
    found = items(ask, "ecr", "DescribeRepositories", "repositories")
    named = {repository["repositoryName"]: repository for repository in found}
    yield from each(ask, named, lambda name: _rows(ask, named[name]))


def _one(ask: Ask, name: str) -> Iterator[Row]:
    gone = "RepositoryNotFoundException"
    told = or_none(ask, gone, "ecr", "DescribeRepositories", repositoryNames=[name]) or {}
    for repository in told.get("repositories") or ():
        yield from _rows(ask, repository)


def _rows(ask: Ask, repository: Mapping[str, Any]) -> Iterator[Row]:
    name, arn = repository["repositoryName"], repository["repositoryArn"]
    encryption = repository.get("encryptionConfiguration") or {}
    row: dict[str, Any] = {
        "resource_id": name,
        "resource_name": name,
        "arn": arn,
        "created": repository.get("createdAt"),
        "tags": told_tags(ask, "ecr", "ListTagsForResource", "tags", resourceArn=arn),
        "immutable": str(repository.get("imageTagMutability", "")).startswith("IMMUTABLE"),
        "kms_key": encryption.get("kmsKey"),
        "configuration": dict(repository),
    }
    if wants(ask, "scans"):
        row["scans"] = _scans(ask, repository)
    if wants(ask, "customer_key"):
        by_key = str(encryption.get("encryptionType", "")).startswith("KMS")
        row["customer_key"] = by_key and is_customers(ask, encryption.get("kmsKey"))
    if wants(ask, "outsiders"):
        found = or_none(ask, _NO_POLICY, "ecr", "GetRepositoryPolicy", repositoryName=name)
        policy = json.loads(found["policyText"]) if found else None
        row["outsiders"] = listed(outsiders(policy, ask))
        row["configuration"]["policy"] = policy
    if wants(ask, "lifecycle"):
        told = or_none(ask, _NO_LIFECYCLE, "ecr", "GetLifecyclePolicy", repositoryName=name)
        row["lifecycle"] = told is not None
        row["configuration"]["lifecyclePolicyText"] = (told or {}).get("lifecyclePolicyText")
    yield row


def _scans(ask: Ask, repository: Mapping[str, Any]) -> bool:
    """Whether images are scanned, by the repository's own setting or by the registry's."""
    if (repository.get("imageScanningConfiguration") or {}).get("scanOnPush"):
        return True
    told = Once(ask)("ecr", "GetRegistryScanningConfiguration")
    rules = (told.get("scanningConfiguration") or {}).get("rules") or ()
    return any(
        rule.get("scanFrequency") in _OFTEN
        and any(
            fnmatchcase(repository["repositoryName"], one["filter"])
            for one in rule.get("repositoryFilters") or ()
        )
        for rule in rules
    )


TABLE = Table(
    name="ecr_repositories",
    resource_type="AWS::ECR::Repository",
    services=("ecr",),
    columns=(
        Column("scans", "boolean", "whether images are scanned on push or continuously"),
        Column("immutable", "boolean", "whether a tag stays with its image"),
        Column("kms_key", "text", "the KMS key of its encryption"),
        Column("customer_key", "boolean", "whether that is a key of the customer's"),
        Column("outsiders", "text", "whom its policy lets in from outside the organization"),
        Column("lifecycle", "boolean", "whether it has a lifecycle policy"),
    ),
    collect=_collect,
    one=_one,
    reads=(
        "ecr:DescribeRepositories",
        "ecr:GetLifecyclePolicy",
        "ecr:GetRegistryScanningConfiguration",
        "ecr:GetRepositoryPolicy",
        "ecr:ListTagsForResource",
        "kms:DescribeKey",
    ),
)

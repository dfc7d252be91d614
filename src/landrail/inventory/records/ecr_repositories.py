"""ECR repositories, as Config records them: in CloudFormation's names. How the registry scans all
of them is in no record, so only a repository that says itself that it is scanned is known to be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from landrail.inventory.keys import key_answers
from landrail.inventory.record import Answer, Item, Record, Shape
from landrail.inventory.table import Row

_KEYS = "AWS::KMS::Key"
_ENCRYPTION = {"EncryptionType": "encryptionType", "KmsKey": "kmsKey"}


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    repositories = [item for item in items if item.resource_type != _KEYS]
    listed = [_listed(item) for item in repositories]
    yield Answer("ecr", "DescribeRepositories", {}, {"repositories": listed})
    for item, told in zip(repositories, listed, strict=True):
        which = {"repositoryName": told["repositoryName"]}
        policy = item.configuration.get("RepositoryPolicyText")
        yield Answer(
            "ecr",
            "GetRepositoryPolicy",
            which,
            {"policyText": _text(policy)} if policy else "RepositoryPolicyNotFoundException",
        )
        lifecycle = (item.configuration.get("LifecyclePolicy") or {}).get("LifecyclePolicyText")
        yield Answer(
            "ecr",
            "GetLifecyclePolicy",
            which,
            {"lifecyclePolicyText": lifecycle} if lifecycle else "LifecyclePolicyNotFoundException",
        )
        tags = {"tags": [{"Key": k, "Value": v} for k, v in item.tags.items()]}
        yield Answer("ecr", "ListTagsForResource", {"resourceArn": item.arn}, tags)
    yield from key_answers(item for item in items if item.resource_type == _KEYS)


def _text(policy: Any) -> str:
    return policy if isinstance(policy, str) else json.dumps(policy)


def _listed(item: Item) -> dict[str, Any]:
    told = item.configuration
    encryption = told.get("EncryptionConfiguration") or {}
    scanning = told.get("ImageScanningConfiguration") or {}
    return {
        "repositoryName": told.get("RepositoryName") or item.name,
        "repositoryArn": item.arn,
        "createdAt": item.created,
        "imageTagMutability": told.get("ImageTagMutability"),
        "imageScanningConfiguration": {"scanOnPush": bool(scanning.get("ScanOnPush"))},
        "encryptionConfiguration": {
            ours: encryption[theirs] for theirs, ours in _ENCRYPTION.items() if theirs in encryption
        },
    }


def _shape(row: Row) -> Shape:
    told = row.get("configuration") or {}
    encryption = told.get("encryptionConfiguration") or {}
    scanning = told.get("imageScanningConfiguration") or {}
    policy, lifecycle = told.get("policy"), told.get("lifecyclePolicyText")
    return {
        "Arn": row["arn"],
        "RepositoryName": row["resource_name"],
        "RepositoryUri": told.get("repositoryUri"),
        "ImageTagMutability": told.get("imageTagMutability"),
        "ImageScanningConfiguration": {"ScanOnPush": bool(scanning.get("scanOnPush"))},
        "EncryptionConfiguration": {
            theirs: encryption[ours] for theirs, ours in _ENCRYPTION.items() if ours in encryption
        },
        **({"RepositoryPolicyText": policy} if policy else {}),
        **({"LifecyclePolicy": {"LifecyclePolicyText": lifecycle}} if lifecycle else {}),
    }, {}


RECORD = Record(
    table="ecr_repositories",
    types=("AWS::ECR::Repository",),
    answers=_answers,
    shape=_shape,
    beside=(_KEYS,),
    only_where={
        "EncryptionConfiguration": ("kms_key", "customer_key"),
        "ImageTagMutability": ("immutable",),
    },
)

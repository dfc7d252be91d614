"""CodeArtifact domains, as Config records them: in CloudFormation's names."""

from __future__ import annotations

import json
from collections.abc import Iterator

from landrail.inventory.keys import key_answers
from landrail.inventory.record import Answer, Item, Record, Shape
from landrail.inventory.table import Row

_KEYS = "AWS::KMS::Key"


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    domains = [item for item in items if item.resource_type != _KEYS]
    listed = [
        {
            "name": item.configuration.get("Name") or item.name,
            "owner": item.configuration.get("Owner") or item.account_id,
            "arn": item.arn,
            "encryptionKey": item.configuration.get("EncryptionKey"),
            "createdTime": item.created,
        }
        for item in domains
    ]
    yield Answer("codeartifact", "ListDomains", {}, {"domains": listed})
    for item, told in zip(domains, listed, strict=True):
        policy = item.configuration.get("PermissionsPolicyDocument")
        answer = {"policy": {"document": json.dumps(policy)}} if policy else None
        yield Answer(
            "codeartifact",
            "GetDomainPermissionsPolicy",
            {"domain": told["name"]},
            answer or "ResourceNotFoundException",
        )
        tags = {"tags": [{"key": k, "value": v} for k, v in item.tags.items()]}
        yield Answer("codeartifact", "ListTagsForResource", {"resourceArn": item.arn}, tags)
    yield from key_answers(item for item in items if item.resource_type == _KEYS)


def _shape(row: Row) -> Shape:
    told = row.get("configuration") or {}
    policy = told.get("policy")
    return {
        "Arn": row["arn"],
        "DomainName": row["resource_name"],
        "Name": row["resource_name"],
        "Owner": told.get("owner"),
        "EncryptionKey": told.get("encryptionKey"),
        **({"PermissionsPolicyDocument": policy} if policy else {}),
    }, {}


RECORD = Record(
    table="codeartifact_domains",
    types=("AWS::CodeArtifact::Domain",),
    answers=_answers,
    shape=_shape,
    beside=(_KEYS,),
)

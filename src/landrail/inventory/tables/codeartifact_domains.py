"""CodeArtifact domains: whose key, and whom their policies let in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask, items, or_none, wants
from landrail.inventory.describing import each, told_tags
from landrail.inventory.keys import is_customers
from landrail.inventory.outside import outsiders
from landrail.inventory.table import Column, Row, Table, listed


def _collect(ask: Ask) -> Iterator[Row]:
    found = items(ask, "codeartifact", "ListDomains", "domains")
    own = {domain["name"]: domain for domain in found if domain["owner"] == ask.account}
    yield from each(ask, own, lambda name: _rows(ask, own[name]))


def _rows(ask: Ask, domain: Mapping[str, Any]) -> Iterator[Row]:
    name, arn = domain["name"], domain["arn"]
    gone = "ResourceNotFoundException"
    told = or_none(ask, gone, "codeartifact", "GetDomainPermissionsPolicy", domain=name) or {}
    text = (told.get("policy") or {}).get("document")
    policy = json.loads(text) if text else None
    row: dict[str, Any] = {
        "resource_id": arn,
        "resource_name": name,
        "arn": arn,
        "created": domain.get("createdTime"),
        "tags": told_tags(ask, "codeartifact", "ListTagsForResource", "tags", resourceArn=arn),
        "configuration": {**domain, "policy": policy},
        "kms_key": domain.get("encryptionKey"),
        "outsiders": listed(outsiders(policy, ask)),
    }
    if wants(ask, "customer_key"):
        row["customer_key"] = is_customers(ask, domain.get("encryptionKey"))
    yield row


TABLE = Table(
    name="codeartifact_domains",
    resource_type="AWS::CodeArtifact::Domain",
    services=("codeartifact",),
    columns=(
        Column("kms_key", "text", "the KMS key of its packages"),
        Column("customer_key", "boolean", "whether that is a key of the customer's"),
        Column("outsiders", "text", "whom its policy lets in from outside the organization"),
    ),
    collect=_collect,
    reads=(
        "codeartifact:GetDomainPermissionsPolicy",
        "codeartifact:ListDomains",
        "codeartifact:ListTagsForResource",
        "kms:DescribeKey",
    ),
)

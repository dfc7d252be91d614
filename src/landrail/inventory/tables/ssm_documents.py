"""SSM documents of the account: with whom they are shared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask, items, wants
from landrail.inventory.describing import each, tags_of
from landrail.inventory.realm import realm_of
from landrail.inventory.table import Column, Row, Table, listed

OWN = [{"Key": "Owner", "Values": ["Self"]}]
"""Asks for the account's own documents."""


def _collect(ask: Ask) -> Iterator[Row]:
    own = items(ask, "ssm", "ListDocuments", "DocumentIdentifiers", Filters=OWN)
    found = {document["Name"]: document for document in own}
    yield from each(ask, found, lambda name: _rows(ask, found[name]))


def _rows(ask: Ask, document: Mapping[str, Any]) -> Iterator[Row]:
    name = document["Name"]
    row: dict[str, Any] = {
        "resource_id": name,
        "resource_name": name,
        "arn": f"arn:aws:ssm:{ask.region}:{ask.account}:document/{name}",
        "created": document.get("CreatedDate"),
        "tags": tags_of(document.get("Tags") or ()),
        "configuration": {"type": document.get("DocumentType")},
    }
    if wants(ask, "public", "outsiders"):
        told = ask("ssm", "DescribeDocumentPermission", Name=name, PermissionType="Share")
        shared = set(told.get("AccountIds") or ())
        others = shared - {"all", ask.account}
        row["public"] = any(account.lower() == "all" for account in shared)
        row["outsiders"] = listed(o for o in others if not realm_of(ask).holds(o))
    yield row


TABLE = Table(
    name="ssm_documents",
    resource_type="AWS::SSM::Document",
    services=("ssm",),
    columns=(
        Column("public", "boolean", "whether it is shared with everybody"),
        Column("outsiders", "text", "with whom it is shared outside the organization"),
    ),
    collect=_collect,
    reads=("ssm:DescribeDocumentPermission", "ssm:ListDocuments"),
)

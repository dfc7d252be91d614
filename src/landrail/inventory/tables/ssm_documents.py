"""SSM documents of the account: with whom they are shared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask, items
from landrail.inventory.describing import each, tags_of
from landrail.inventory.realm import realm_of
from landrail.inventory.table import Column, Row, Table, listed

_OWN = [{"Key": "Owner", "Values": ["Self"]}]


def _collect(ask: Ask) -> Iterator[Row]:
    own = items(ask, "ssm", "ListDocuments", "DocumentIdentifiers", Filters=_OWN)
    found = {document["Name"]: document for document in own}
    yield from each(ask, found, lambda name: _rows(ask, found[name]))


def _rows(ask: Ask, document: Mapping[str, Any]) -> Iterator[Row]:
    name = document["Name"]
    told = ask("ssm", "DescribeDocumentPermission", Name=name, PermissionType="Share")
    shared = set(told.get("AccountIds") or ())
    others = shared - {"all", ask.account}
    yield {
        "resource_id": name,
        "resource_name": name,
        "arn": f"arn:aws:ssm:{ask.region}:{ask.account}:document/{name}",
        "created": document.get("CreatedDate"),
        "tags": tags_of(document.get("Tags") or ()),
        "configuration": {"type": document.get("DocumentType")},
        "public": any(account.lower() == "all" for account in shared),
        "outsiders": listed(o for o in others if not realm_of(ask).holds(o)),
    }


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

"""RDS snapshots that somebody made, of instances and of clusters: who may restore them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.inventory.ask import Ask, items, wants
from landrail.inventory.describing import each, tags_of
from landrail.inventory.realm import realm_of
from landrail.inventory.table import Column, Row, Table, listed


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one of the two kinds is read."""

    resource_type: str
    prefix: str
    encrypted: str

    def name(self, text: str) -> str:
        return text.replace("DB", self.prefix, 1)


_KINDS = (
    _Kind("AWS::RDS::DBSnapshot", "DB", "Encrypted"),
    _Kind("AWS::RDS::DBClusterSnapshot", "DBCluster", "StorageEncrypted"),
)


def _collect(ask: Ask) -> Iterator[Row]:
    for kind in _KINDS:
        yield from _of_kind(ask, kind)


def _of_kind(ask: Ask, kind: _Kind) -> Iterator[Row]:
    listing = kind.name("DescribeDBSnapshots")
    made = items(ask, "rds", listing, kind.name("DBSnapshots"), SnapshotType="manual")
    found = {snapshot[kind.name("DBSnapshotIdentifier")]: snapshot for snapshot in made}
    yield from each(ask, found, lambda name: _rows(ask, kind, name, found[name]))


def _rows(ask: Ask, kind: _Kind, name: str, snapshot: Mapping[str, Any]) -> Iterator[Row]:
    row: dict[str, Any] = {
        "resource_type": kind.resource_type,
        "resource_id": name,
        "resource_name": name,
        "arn": snapshot[kind.name("DBSnapshotArn")],
        "created": snapshot.get("SnapshotCreateTime"),
        "tags": tags_of(snapshot.get("TagList") or ()),
        "configuration": dict(snapshot),
        "encrypted": bool(snapshot.get(kind.encrypted)),
    }
    if wants(ask, "public", "outsiders"):
        attributes = _attributes(ask, kind, name)
        row["configuration"]["Attributes"] = attributes
        who = _restorers(attributes)
        others = who - {"all", ask.account}
        row["public"] = "all" in who
        row["outsiders"] = listed(o for o in others if not realm_of(ask).holds(o))
    yield row


def _attributes(ask: Ask, kind: _Kind, name: str) -> list[Mapping[str, Any]]:
    operation = kind.name("DescribeDBSnapshotAttributes")
    told = ask("rds", operation, **{kind.name("DBSnapshotIdentifier"): name})
    result = told.get(kind.name("DBSnapshotAttributesResult")) or {}
    return list(result.get(kind.name("DBSnapshotAttributes")) or ())


def _restorers(attributes: Iterable[Mapping[str, Any]]) -> set[str]:
    return {
        value
        for attribute in attributes
        if attribute.get("AttributeName") == "restore"
        for value in attribute.get("AttributeValues") or ()
    }


TABLE = Table(
    name="rds_snapshots",
    resource_type="AWS::RDS::DBSnapshot",
    also=("AWS::RDS::DBClusterSnapshot",),
    services=("rds",),
    columns=(
        Column("encrypted", "boolean", "whether it is encrypted"),
        Column("public", "boolean", "whether everybody may restore it"),
        Column("outsiders", "text", "who may restore it from outside the organization"),
    ),
    collect=_collect,
    reads=(
        "rds:DescribeDBClusterSnapshotAttributes",
        "rds:DescribeDBClusterSnapshots",
        "rds:DescribeDBSnapshotAttributes",
        "rds:DescribeDBSnapshots",
    ),
)

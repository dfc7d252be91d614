"""Accounts, as IAM's Access Analyzer sees them in a region: whether it looks for access from
outside."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.account import account_row
from landrail.inventory.ask import Ask, items
from landrail.inventory.table import Column, Row, Table

_EXTERNAL = ("ACCOUNT", "ORGANIZATION")


def _collect(ask: Ask) -> Iterator[Row]:
    found = list(items(ask, "accessanalyzer", "ListAnalyzers", "analyzers"))
    active = [one for one in found if one.get("status") == "ACTIVE"]
    yield {
        **account_row(ask),
        "external": any(one.get("type") in _EXTERNAL for one in active),
        "configuration": {"analyzers": [one.get("arn") for one in found]},
    }


TABLE = Table(
    name="accounts_access_analyzer",
    resource_type="AWS::::Account",
    services=("accessanalyzer",),
    columns=(Column("external", "boolean", "whether one for external access is active"),),
    collect=_collect,
    reads=("access-analyzer:ListAnalyzers",),
)

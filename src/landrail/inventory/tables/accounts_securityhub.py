"""Accounts, as Security Hub sees them in a region: whether it is on."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.account import account_row
from landrail.inventory.ask import Ask, or_none
from landrail.inventory.table import Column, Row, Table

_OFF = ("InvalidAccessException", "ResourceNotFoundException")


def _collect(ask: Ask) -> Iterator[Row]:
    hub = or_none(ask, _OFF, "securityhub", "DescribeHub")
    yield {**account_row(ask), "enabled": hub is not None}


TABLE = Table(
    name="accounts_securityhub",
    resource_type="AWS::::Account",
    services=("securityhub",),
    columns=(Column("enabled", "boolean", "whether it is on"),),
    collect=_collect,
    reads=("securityhub:DescribeHub",),
)

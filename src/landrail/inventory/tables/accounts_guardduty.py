"""Accounts, as GuardDuty sees them in a region: whether it is on, and who looks at it."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.account import account_row
from landrail.inventory.ask import Ask, items, or_none
from landrail.inventory.table import Column, Row, Table

_ALONE = "BadRequestException"


def _collect(ask: Ask) -> Iterator[Row]:
    on = [
        detector
        for detector in items(ask, "guardduty", "ListDetectors", "DetectorIds")
        if ask("guardduty", "GetDetector", DetectorId=detector).get("Status") == "ENABLED"
    ]
    central = None
    for detector in on:
        told = or_none(ask, _ALONE, "guardduty", "GetAdministratorAccount", DetectorId=detector)
        central = ((told or {}).get("Administrator") or {}).get("AccountId") or central
    yield {**account_row(ask), "enabled": bool(on), "administrator": central}


TABLE = Table(
    name="accounts_guardduty",
    resource_type="AWS::::Account",
    services=("guardduty",),
    columns=(
        Column("enabled", "boolean", "whether it is on"),
        Column("administrator", "text", "the account that its findings go to"),
    ),
    collect=_collect,
    reads=(
        "guardduty:GetAdministratorAccount",
        "guardduty:GetDetector",
        "guardduty:ListDetectors",
    ),
)

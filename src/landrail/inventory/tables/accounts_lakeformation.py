"""Accounts, as Lake Formation sees them in a region: what new databases and tables begin with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.account import account_row
from landrail.inventory.ask import Ask
from landrail.inventory.table import Column, Row, Table, listed

_EVERYBODY = "IAM_ALLOWED_PRINCIPALS"


def _collect(ask: Ask) -> Iterator[Row]:
    settings = ask("lakeformation", "GetDataLakeSettings").get("DataLakeSettings") or {}
    admins = settings.get("DataLakeAdmins") or ()
    yield {
        **account_row(ask),
        "databases_for_everybody": _opens(settings, "CreateDatabaseDefaultPermissions"),
        "tables_for_everybody": _opens(settings, "CreateTableDefaultPermissions"),
        "administrators": listed(one["DataLakePrincipalIdentifier"] for one in admins),
        "configuration": dict(settings),
    }


def _opens(settings: Mapping[str, Any], member: str) -> bool:
    return any(
        grant["Principal"]["DataLakePrincipalIdentifier"] == _EVERYBODY
        for grant in settings.get(member) or ()
    )


TABLE = Table(
    name="accounts_lakeformation",
    resource_type="AWS::::Account",
    services=("lakeformation",),
    columns=(
        Column("databases_for_everybody", "boolean", "a new database is open to all IAM lets in"),
        Column("tables_for_everybody", "boolean", "so is a new table"),
        Column("administrators", "text", "its administrators, each between commas"),
    ),
    collect=_collect,
    reads=("lakeformation:GetDataLakeSettings",),
)

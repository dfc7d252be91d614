"""What a stored rule asks: over which tables, when, and of which resources.

A managed rule is a rule of `landrail.rules`, the same that an audit asks; a custom policy rule is
asked of the recorded items of the types in its scope.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from landrail.inventory import Row, Table
from landrail.inventory.catalogue import tables
from landrail.rules import Rule
from landrail.rules.catalogue import by_identifier

ACCOUNT = "AWS::::Account"
BLOCK = "AWS::S3::AccountPublicAccessBlock"
HOURS = {
    "One_Hour": 1,
    "Three_Hours": 3,
    "Six_Hours": 6,
    "Twelve_Hours": 12,
    "TwentyFour_Hours": 24,
}
Document = dict[str, Any]


def is_policy(rule: Document) -> bool:
    """Whether it is a custom policy rule."""
    return bool(rule["Source"]["Owner"] == "CUSTOM_POLICY")


def managed(rule: Document) -> Rule | None:
    """Return the rule that AWS manages under the identifier, None for another kind."""
    if is_policy(rule):
        return None
    return by_identifier().get(rule["Source"]["SourceIdentifier"])


def tables_of(rule: Document) -> tuple[str, ...]:
    """Return the names of the tables that a rule is about."""
    found = managed(rule)
    if found is not None:
        return (found.table,)
    wanted = (rule.get("Scope") or {}).get("ComplianceResourceTypes")
    return tuple(
        table.name
        for table in tables().values()
        if table.resource_type != ACCOUNT
        and (not wanted or any(kind in wanted for kind in kinds(table)))
    )


def kinds(table: Table) -> tuple[str, ...]:
    """Return the resource types of a table's rows."""
    return (table.resource_type, *table.also)


def recorded_as(table: Table) -> tuple[str, ...]:
    """Return the types under which a table's rows are recorded: an account is none, but its public
    access block is."""
    if table.name == "accounts":
        return (BLOCK,)
    return () if table.resource_type == ACCOUNT else kinds(table)


def triggers(rule: Document) -> tuple[str, ...]:
    """Return when a rule is evaluated: on `change`, `periodic`, or both."""
    found = managed(rule)
    return found.triggers if found is not None else ("change",)


def every(rule: Document) -> float:
    """Return after how many seconds a periodic rule is evaluated again."""
    return HOURS[rule.get("MaximumExecutionFrequency") or "TwentyFour_Hours"] * 3600.0


def parameters(rule: Document) -> dict[str, str]:
    """Return the parameters of a managed rule, its defaults filled in."""
    found = managed(rule)
    given: Mapping[str, Any] = json.loads(rule.get("InputParameters") or "{}")
    return {**(found.parameters if found else {}), **{k: _written(v) for k, v in given.items()}}


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def in_scope(rule: Document, row: Row) -> bool:
    """Whether a resource is in a rule's scope."""
    scope = rule.get("Scope") or {}
    wanted = scope.get("ComplianceResourceTypes")
    if wanted and row["resource_type"] not in wanted:
        return False
    if scope.get("ComplianceResourceId") not in (None, row["resource_id"]):
        return False
    if scope.get("TagKey") is None:
        return True
    tags = row.get("tags") or {}
    value = scope.get("TagValue")
    return scope["TagKey"] in tags and value in (None, tags[scope["TagKey"]])

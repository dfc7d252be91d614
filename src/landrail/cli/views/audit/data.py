"""An audit as plain data: the JSON twin of the table, and one row a finding for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.aws.collecting import EVERY_TABLE
from landrail.cli.views.target import target_data
from landrail.operations.audit.scope import Check
from landrail.operations.audit.trend import Known
from landrail.operations.audit.unjudged import Unjudged
from landrail.operations.audit.values import Audit

_COLUMNS = (
    "severity",
    "guardrail",
    "rule",
    "account",
    "account_id",
    "region",
    "resource_type",
    "resource_id",
    "resource_name",
    "arn",
    "says",
    "remedy",
    "state",
    "first_seen",
    "audit_only",
    "waived_by",
    "waived_until",
)
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a text for a formula."""


def audit_data(made: Audit) -> dict[str, Any]:
    """Return all of it."""
    return {
        "target": target_data(made.project, made.target),
        "began": made.began.isoformat(),
        "ended": made.ended.isoformat(),
        "accounts": [
            {"name": a.name, "account_id": a.account_id, "ou": a.ou, "in_file": a.known}
            for a in made.scope.accounts
        ],
        "counts": made.counts,
        "findings": [finding.to_json() for finding in made.findings],
        "fixed": [_fixed(known) for known in made.fixed],
        "not_looked_at": list(_not_looked_at(made)),
        "not_judged": [_unjudged(made, one) for one in made.not_judged],
        "unused_waivers": [
            {"guardrail": w.guardrail, "account": w.account, "resource": w.resource}
            for w in made.unused_waivers
        ],
        "checks": [_check(check) for check in made.scope.checks],
        "history": [
            {"began": past.began.isoformat(), "counts": dict(past.counts), "partial": past.partial}
            for past in made.history
        ],
        "resources": dict(made.rows),
        "calls": made.calls,
        "collected_seconds": round(made.seconds, 3),
    }


def _fixed(known: Known) -> dict[str, Any]:
    guardrail, rule, account_id, region, resource_id = known.key
    return {
        "guardrail": guardrail,
        "rule": rule,
        "account_id": account_id,
        "region": region,
        "resource_id": resource_id,
        "severity": known.severity,
        "first_seen": known.first_seen.isoformat(),
    }


def _not_looked_at(made: Audit) -> Iterator[dict[str, Any]]:
    """Yield tables of accounts that could not be read, then accounts that were left out."""
    for one in made.unread:
        yield {
            "account": made.name_of(one.account_id),
            "account_id": one.account_id,
            "region": one.region,
            "table": one.table,
            "columns": list(one.columns),
            "resource_id": one.resource,
            "reason": one.reason,
        }
    for name, reason in made.scope.left_out.items():
        yield {"account": name, "table": EVERY_TABLE, "reason": reason}


def _unjudged(made: Audit, one: Unjudged) -> dict[str, Any]:
    return {
        "guardrail": one.guardrail,
        "rule": one.rule,
        "account": made.name_of(one.account_id),
        "account_id": one.account_id,
        "region": one.region,
        "resource_id": one.resource_id,
        "reason": one.reason,
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "guardrail": check.guardrail.id,
        "rule": check.rule.name,
        "audit_only": check.rule.audit_only,
        "accounts": len(check.accounts),
    }


def audit_csv(made: Audit) -> str:
    """Return a row for each finding, with a heading."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for finding in made.findings:
        waiver = finding.waiver
        row = {
            **finding.to_json(),
            "waived_by": waiver.owner if waiver else "",
            "waived_until": waiver.expires.isoformat() if waiver else "",
        }
        writer.writerow(_safe(row))
    return text.getvalue()


def _safe(row: Mapping[str, Any]) -> dict[str, str]:
    """Keep names that others chose from being formulas."""
    texts = {name: str(row.get(name, "")) for name in _COLUMNS}
    return {n: f"'{text}" if text.startswith(_RISKY) else text for n, text in texts.items()}

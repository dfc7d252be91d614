"""An audit as plain data: the JSON twin of the table, and one row a finding for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from typing import Any

from landrail.cli.views.target import target_data
from landrail.operations.audit.finding import SEVERITIES
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
    counts = Counter(finding.severity for finding in made.open)
    names = made.names
    return {
        "target": target_data(made.project, made.target),
        "began": made.began.isoformat(),
        "ended": made.ended.isoformat(),
        "accounts": [
            {"name": a.name, "account_id": a.account_id, "ou": a.ou, "in_file": a.known}
            for a in made.scope.accounts
        ],
        "counts": {severity: counts[severity] for severity in SEVERITIES},
        "findings": [finding.to_json() for finding in made.findings],
        "fixed": [
            {
                "guardrail": known.key[0],
                "rule": known.key[1],
                "account_id": known.key[2],
                "region": known.key[3],
                "resource_id": known.key[4],
                "severity": known.severity,
                "first_seen": known.first_seen.isoformat(),
            }
            for known in made.fixed
        ],
        "not_looked_at": [
            *(
                {
                    "account": names.get(one.account_id, one.account_id),
                    "account_id": one.account_id,
                    "region": one.region,
                    "table": one.table,
                    "reason": one.reason,
                }
                for one in made.unread
            ),
            *(
                {"account": name, "table": "*", "reason": reason}
                for name, reason in made.scope.left_out.items()
            ),
        ],
        "unused_waivers": [
            {"guardrail": w.guardrail, "account": w.account, "resource": w.resource}
            for w in made.unused_waivers
        ],
        "checks": [
            {
                "guardrail": check.guardrail.id,
                "rule": check.rule.name,
                "audit_only": check.rule.audit_only,
                "accounts": len(check.accounts),
            }
            for check in made.scope.checks
        ],
        "history": [
            {"began": past.began.isoformat(), "counts": dict(past.counts), "partial": past.partial}
            for past in made.history
        ],
        "resources": dict(made.rows),
        "calls": made.calls,
        "collected_seconds": round(made.seconds, 3),
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

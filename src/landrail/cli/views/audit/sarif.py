"""Findings as SARIF 2.1.0, for tools that show results of checks beside code.

A resource is a logical location; the physical one is the platform's file, which the guardrails come
from, because readers of SARIF want a file.
"""

from __future__ import annotations

from typing import Any

from landrail import __version__
from landrail.operations.audit.finding import Finding
from landrail.operations.audit.values import Audit

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVEL = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
_SCORE = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
"""The severity as the number that GitHub reads; it has no other word for it."""


def audit_sarif(made: Audit) -> dict[str, Any]:
    """Return the log with one run."""
    firsts: dict[str, Finding] = {}
    for finding in made.findings:
        firsts.setdefault(finding.label, finding)
    order = {name: number for number, name in enumerate(firsts)}
    driver = {
        "name": "Landrail",
        "semanticVersion": __version__,
        "rules": [_rule(name, first) for name, first in firsts.items()],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(made)],
        "results": [_result(made, finding, order[finding.label]) for finding in made.findings],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(name: str, finding: Finding) -> dict[str, Any]:
    return {
        "id": name,
        "shortDescription": {"text": finding.title},
        "fullDescription": {"text": f"Wrong where {finding.says}."},
        "help": {"text": finding.remedy},
        "defaultConfiguration": {"level": _LEVEL[finding.severity]},
        "properties": {
            "security-severity": _SCORE[finding.severity],
            "tags": ["security", "audit-only"] if finding.audit_only else ["security"],
        },
    }


def _result(made: Audit, finding: Finding, index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.label,
        "ruleIndex": index,
        "level": _LEVEL[finding.severity],
        "message": {"text": f"{finding.name} ({finding.account}): {finding.says}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": made.project.path.name},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [
                    {
                        "name": finding.name,
                        "fullyQualifiedName": finding.arn or finding.resource_id,
                        "kind": "resource",
                    }
                ],
            }
        ],
        "partialFingerprints": {"landrail/v1": finding.uid},
        "baselineState": "new" if finding.state == "new" else "unchanged",
        "properties": {
            "account": finding.account_id,
            "region": finding.region,
            "resourceType": finding.resource_type,
        },
    }
    if finding.waiver is not None:
        waiver = finding.waiver
        words = f"{waiver.reason} ({waiver.owner}, until {waiver.expires})"
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": words}
        ]
    return result


def _invocation(made: Audit) -> dict[str, Any]:
    return {
        "executionSuccessful": True,
        "startTimeUtc": made.began.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "endTimeUtc": made.ended.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "toolExecutionNotifications": [
            {
                "level": "warning",
                "message": {
                    "text": f"not looked at: {one.what} of "
                    f"{made.name_of(one.account_id)}: {one.reason}"
                },
            }
            for one in made.unread
        ],
    }

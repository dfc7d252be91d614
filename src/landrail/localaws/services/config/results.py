"""What is kept: rules by account, region and name, and for each what it last found of a bucket."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.store.tables import Tables

RESOURCE = "AWS::S3::Bucket"
COMPLIANT, NON_COMPLIANT, NO_DATA = "COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA"
_MOST_COUNTED = 25
Document = dict[str, Any]


class Results:
    """Rules and their findings."""

    def __init__(self, tables: Tables) -> None:
        """Keep them in the tables `config.rules` and `config.results`."""
        self._rules = tables.table("config.rules")
        self._found = tables.table("config.results")

    def rule(self, account: str, region: str, name: str) -> Document | None:
        """Return a rule."""
        found: Document | None = self._rules.get(account, region, name)
        return found

    def rules(self, account: str, region: str) -> list[Document]:
        """Return the rules of an account and region."""
        return [rule for _, rule in self._rules.scan(account, region)]

    def places(self) -> Iterator[tuple[str, str]]:
        """Yield each account and region that has rules."""
        yield from dict.fromkeys((key[0], key[1]) for key, _ in self._rules.scan())

    def put_rule(self, account: str, region: str, rule: Document) -> None:
        """Keep a rule."""
        self._rules.put(account, region, rule["ConfigRuleName"], value=rule)

    def note(self, account: str, region: str, name: str, **members: Any) -> None:
        """Note members of a rule that is still there."""
        rule = self.rule(account, region, name)
        if rule is not None:
            self.put_rule(account, region, rule | members)

    def delete_rule(self, account: str, region: str, name: str) -> None:
        """Forget a rule and what it found."""
        for resource in self.findings(account, region, name):
            self._found.delete(account, region, name, resource["resource"])
        self._rules.delete(account, region, name)

    def findings(self, account: str, region: str, name: str) -> list[Document]:
        """Return what a rule last found of each bucket."""
        return [finding for _, finding in self._found.scan(account, region, name)]

    def record(self, account: str, region: str, name: str, finding: Document) -> Document | None:
        """Keep a finding and return the one before."""
        before: Document | None = self._found.get(account, region, name, finding["resource"])
        self._found.put(account, region, name, finding["resource"], value=finding)
        return before

    def forget(self, account: str, region: str, name: str, resource: str) -> None:
        """Forget a bucket that is gone."""
        self._found.delete(account, region, name, resource)


def compliance(findings: list[Document]) -> Document:
    """Return the compliance of a rule, or of a resource, over some findings."""
    bad = sum(finding["compliance"] == NON_COMPLIANT for finding in findings)
    if not findings:
        return {"ComplianceType": NO_DATA}
    if not bad:
        return {"ComplianceType": COMPLIANT}
    count = {"CappedCount": min(bad, _MOST_COUNTED), "CapExceeded": bad > _MOST_COUNTED}
    return {"ComplianceType": NON_COMPLIANT, "ComplianceContributorCount": count}


def result(finding: Document) -> Document:
    """Return a finding as AWS answers it."""
    shown: Document = {
        "EvaluationResultIdentifier": {
            "EvaluationResultQualifier": {
                "ConfigRuleName": finding["rule"],
                "ResourceType": RESOURCE,
                "ResourceId": finding["resource"],
                "EvaluationMode": "DETECTIVE",
            },
            "OrderingTimestamp": moment(finding["ordered"]),
        },
        "ComplianceType": finding["compliance"],
        "ResultRecordedTime": moment(finding["recorded"]),
        "ConfigRuleInvokedTime": moment(finding["ordered"]),
    }
    return shown | ({"Annotation": finding["annotation"]} if finding.get("annotation") else {})


def moment(seconds: float) -> datetime:
    """Return a time as results have it."""
    return datetime.fromtimestamp(seconds, UTC)


def now() -> float:
    """Return the time as documents keep it."""
    return round(time.time(), 3)

"""What is kept of rules: they themselves by account, region and name, and for each what it last
found of a resource."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.services.config.asking import Place
from landrail.localaws.store.tables import Tables

COMPLIANT, NON_COMPLIANT, NO_DATA = "COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA"
_MOST_COUNTED = 25
Document = dict[str, Any]


class Results:
    """Rules and their findings."""

    def __init__(self, tables: Tables) -> None:
        """Keep them in the tables `config.rules` and `config.findings`."""
        self._rules = tables.table("config.rules")
        self._found = tables.table("config.findings")

    def rule(self, account: str, region: str, name: str) -> Document | None:
        """Return a rule."""
        found: Document | None = self._rules.get(account, region, name)
        return found

    def rules(self, account: str, region: str) -> list[Document]:
        """Return the rules of an account and region."""
        return [rule for _, rule in self._rules.scan(account, region)]

    def places(self) -> Iterator[Place]:
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
        self.forget_all((account, region), name)
        self._rules.delete(account, region, name)

    def forget_all(self, place: Place, name: str) -> None:
        """Forget what a rule found."""
        for found in self.findings(*place, name):
            self.forget(place, found)

    def findings(self, account: str, region: str, name: str) -> list[Document]:
        """Return what a rule last found of each resource."""
        return [finding for _, finding in self._found.scan(account, region, name)]

    def all_findings(self, place: Place) -> list[Document]:
        """Return what the rules of a place last found."""
        return [finding for _, finding in self._found.scan(*place)]

    def record(self, place: Place, finding: Document) -> None:
        """Keep a finding."""
        self._found.put(
            *place, finding["rule"], finding["type"], finding["resource"], value=finding
        )

    def forget(self, place: Place, finding: Document) -> None:
        """Forget a finding: the resource is gone, or the rule is not about it."""
        self._found.delete(*place, finding["rule"], finding["type"], finding["resource"])


def compliance(findings: list[Document]) -> Document:
    """Return the compliance of a rule, or of a resource, over some findings."""
    bad = sum(finding["compliance"] == NON_COMPLIANT for finding in findings)
    if not findings:
        return {"ComplianceType": NO_DATA}
    if not bad:
        return {"ComplianceType": COMPLIANT}
    return {"ComplianceType": NON_COMPLIANT, "ComplianceContributorCount": capped(bad)}


def capped(count: int, most: int = _MOST_COUNTED) -> Document:
    """Return a count as Config tells it: no further than some number."""
    return {"CappedCount": min(count, most), "CapExceeded": count > most}


def result(finding: Document) -> Document:
    """Return a finding as AWS answers it."""
    shown: Document = {
        "EvaluationResultIdentifier": {
            "EvaluationResultQualifier": {
                "ConfigRuleName": finding["rule"],
                "ResourceType": finding["type"],
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

"""What the rules found, over the accounts of an aggregator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, Operation
from landrail.localaws.services.config.aggregators import Aggregators
from landrail.localaws.services.config.compliance import by_rule, summary
from landrail.localaws.services.config.pages import page
from landrail.localaws.services.config.results import Document, Results, compliance, result

_MOST_SUMMED = 10_000


class Aggregates:
    """The operations of aggregators on findings."""

    def __init__(self, results: Results, aggregators: Aggregators) -> None:
        """Read `results`."""
        self._results = results
        self._aggregators = aggregators

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "DescribeAggregateComplianceByConfigRules": self._by_rules,
            "GetAggregateComplianceDetailsByConfigRule": self._details,
            "GetAggregateConfigRuleComplianceSummary": self._summary,
        }

    def _by_rules(self, call: ApiCall) -> Mapping[str, Any]:
        filters = call.params.get("Filters") or {}
        shown = []
        for account, region in self._aggregators.sources(call):
            if filters.get("AccountId", account) != account:
                continue
            if filters.get("AwsRegion", region) != region:
                continue
            for rule in self._results.rules(account, region):
                name = rule["ConfigRuleName"]
                found = compliance(self._results.findings(account, region, name))
                if filters.get("ConfigRuleName", name) == name and (
                    filters.get("ComplianceType", found["ComplianceType"])
                    == found["ComplianceType"]
                ):
                    shown.append(
                        {
                            "ConfigRuleName": name,
                            "Compliance": found,
                            "AccountId": account,
                            "AwsRegion": region,
                        }
                    )
        return page(shown, call.params, "AggregateComplianceByConfigRules")

    def _details(self, call: ApiCall) -> Mapping[str, Any]:
        place = (call.params["AccountId"], call.params["AwsRegion"])
        wanted = call.params.get("ComplianceType", "NON_COMPLIANT")
        found: list[Document] = []
        if place in self._aggregators.sources(call):
            found = self._results.findings(*place, call.params["ConfigRuleName"])
        shown = [
            {**result(finding), "AccountId": place[0], "AwsRegion": place[1]}
            for finding in found
            if finding["compliance"] == wanted
        ]
        return page(shown, call.params, "AggregateEvaluationResults")

    def _summary(self, call: ApiCall) -> Mapping[str, Any]:
        filters = call.params.get("Filters") or {}
        by = call.params.get("GroupByKey")
        groups: dict[str, list[list[Document]]] = {}
        for account, region in self._aggregators.sources(call):
            if filters.get("AccountId", account) != account:
                continue
            if filters.get("AwsRegion", region) != region:
                continue
            name = account if by == "ACCOUNT_ID" else region if by == "AWS_REGION" else ""
            found = by_rule(self._results.all_findings((account, region)))
            groups.setdefault(name, []).extend(found.values())
        counts = [
            {
                **({"GroupName": name} if name else {}),
                "ComplianceSummary": summary(found, _MOST_SUMMED),
            }
            for name, found in sorted(groups.items())
        ]
        answer = page(counts, call.params, "AggregateComplianceCounts")
        return answer | ({"GroupByKey": by} if by else {})

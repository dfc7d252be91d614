"""What the rules found in an account: by rule, by resource, and in sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from landrail.localaws.api import ApiCall, Operation
from landrail.localaws.services.config.asking import Place
from landrail.localaws.services.config.definitions import Definitions
from landrail.localaws.services.config.pages import page
from landrail.localaws.services.config.results import (
    COMPLIANT,
    NON_COMPLIANT,
    Document,
    Results,
    capped,
    compliance,
    moment,
    now,
    result,
)

_MOST_SUMMED = 100
Settle = Callable[[Place], None]
"""Records and evaluates what waits of a place, so that an answer is of now."""


class Compliance:
    """The operations that answer of findings."""

    def __init__(self, results: Results, definitions: Definitions, settle: Settle) -> None:
        """Read `results`."""
        self._results = results
        self._definitions = definitions
        self._settle = settle

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "DescribeComplianceByConfigRule": self._by_rule,
            "DescribeComplianceByResource": self._by_resource,
            "GetComplianceDetailsByConfigRule": self._details_by_rule,
            "GetComplianceDetailsByResource": self._details_by_resource,
            "GetComplianceSummaryByConfigRule": self._summary_by_rule,
            "GetComplianceSummaryByResourceType": self._summary_by_type,
        }

    def _by_rule(self, call: ApiCall) -> Mapping[str, Any]:
        rules = self._definitions.named(call)
        self._settle((call.account, call.region))
        shown = [
            {
                "ConfigRuleName": rule["ConfigRuleName"],
                "Compliance": compliance(
                    self._results.findings(call.account, call.region, rule["ConfigRuleName"])
                ),
            }
            for rule in rules
        ]
        return page(_of_types(shown, call), call.params, "ComplianceByConfigRules")

    def _by_resource(self, call: ApiCall) -> Mapping[str, Any]:
        wanted = (call.params.get("ResourceType"), call.params.get("ResourceId"))
        shown = [
            {"ResourceType": kind, "ResourceId": name, "Compliance": compliance(found)}
            for (kind, name), found in sorted(by_resource(self._all(call)).items())
            if wanted[0] in (None, kind) and wanted[1] in (None, name)
        ]
        return page(_of_types(shown, call), call.params, "ComplianceByResources")

    def _details_by_rule(self, call: ApiCall) -> Mapping[str, Any]:
        rule = self._definitions.one(call, call.params["ConfigRuleName"])
        self._settle((call.account, call.region))
        found = self._results.findings(call.account, call.region, rule["ConfigRuleName"])
        return page(_shown(found, call), call.params, "EvaluationResults")

    def _details_by_resource(self, call: ApiCall) -> Mapping[str, Any]:
        found = [
            finding
            for finding in self._all(call)
            if call.params.get("ResourceType") == finding["type"]
            and call.params.get("ResourceId") == finding["resource"]
        ]
        return page(_shown(found, call), call.params, "EvaluationResults")

    def _summary_by_rule(self, call: ApiCall) -> Mapping[str, Any]:
        self._settle((call.account, call.region))
        found = by_rule(self._results.all_findings((call.account, call.region)))
        return {"ComplianceSummary": summary(found.values())}

    def _summary_by_type(self, call: ApiCall) -> Mapping[str, Any]:
        found = by_resource(self._all(call))
        kinds = call.params.get("ResourceTypes")
        if not kinds:
            return {"ComplianceSummariesByResourceType": [{"ComplianceSummary": _sum(found)}]}
        summaries = [
            {
                "ResourceType": kind,
                "ComplianceSummary": _sum({k: v for k, v in found.items() if k[0] == kind}),
            }
            for kind in kinds
        ]
        return {"ComplianceSummariesByResourceType": summaries}

    def _all(self, call: ApiCall) -> list[Document]:
        self._settle((call.account, call.region))
        return self._results.all_findings((call.account, call.region))


def by_rule(findings: Iterable[Document]) -> dict[str, list[Document]]:
    """Return findings by the name of their rule."""
    found: dict[str, list[Document]] = {}
    for finding in findings:
        found.setdefault(finding["rule"], []).append(finding)
    return found


def by_resource(findings: Iterable[Document]) -> dict[tuple[str, str], list[Document]]:
    """Return findings by type and id of their resource."""
    found: dict[tuple[str, str], list[Document]] = {}
    for finding in findings:
        found.setdefault((finding["type"], finding["resource"]), []).append(finding)
    return found


def summary(groups: Iterable[list[Document]], most: int = 25) -> Document:
    """Return how many groups of findings comply and how many do not."""
    kinds = [compliance(findings)["ComplianceType"] for findings in groups]
    return {
        "CompliantResourceCount": capped(kinds.count(COMPLIANT), most),
        "NonCompliantResourceCount": capped(kinds.count(NON_COMPLIANT), most),
        "ComplianceSummaryTimestamp": moment(now()),
    }


def _sum(found: Mapping[tuple[str, str], list[Document]]) -> Document:
    return summary(found.values(), _MOST_SUMMED)


def _of_types(shown: list[Document], call: ApiCall) -> list[Document]:
    types = call.params.get("ComplianceTypes")
    return [one for one in shown if not types or one["Compliance"]["ComplianceType"] in types]


def _shown(findings: list[Document], call: ApiCall) -> list[Document]:
    types = call.params.get("ComplianceTypes")
    return [result(finding) for finding in findings if not types or finding["compliance"] in types]

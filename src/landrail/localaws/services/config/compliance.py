"""What the rules found: by rule, by resource, and over the accounts of an aggregator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation, Platform
from landrail.localaws.services.config.definitions import Definitions
from landrail.localaws.services.config.facts import SERVICE
from landrail.localaws.services.config.pages import no_rule, page
from landrail.localaws.services.config.results import (
    RESOURCE,
    Document,
    Results,
    compliance,
    result,
)


class Compliance:
    """The operations that answer of findings."""

    def __init__(self, platform: Platform, results: Results, definitions: Definitions) -> None:
        """Read `results`."""
        self._platform = platform
        self._results = results
        self._definitions = definitions

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "DescribeComplianceByConfigRule": self._by_rule,
            "DescribeComplianceByResource": self._by_resource,
            "GetComplianceDetailsByConfigRule": self._details_by_rule,
            "GetComplianceDetailsByResource": self._details_by_resource,
            "DescribeAggregateComplianceByConfigRules": self._aggregate,
            "GetAggregateComplianceDetailsByConfigRule": self._aggregate_details,
        }

    def _by_rule(self, call: ApiCall) -> Mapping[str, Any]:
        shown = [
            {
                "ConfigRuleName": rule["ConfigRuleName"],
                "Compliance": compliance(
                    self._results.findings(call.account, call.region, rule["ConfigRuleName"])
                ),
            }
            for rule in self._definitions.named(call)
        ]
        return page(_of_types(shown, call), call.params, "ComplianceByConfigRules")

    def _by_resource(self, call: ApiCall) -> Mapping[str, Any]:
        if call.params.get("ResourceType", RESOURCE) != RESOURCE:
            return {"ComplianceByResources": []}
        findings: dict[str, list[Document]] = {}
        for finding in self._all(call):
            if call.params.get("ResourceId", finding["resource"]) == finding["resource"]:
                findings.setdefault(finding["resource"], []).append(finding)
        shown = [
            {"ResourceType": RESOURCE, "ResourceId": name, "Compliance": compliance(found)}
            for name, found in sorted(findings.items())
        ]
        return page(_of_types(shown, call), call.params, "ComplianceByResources")

    def _details_by_rule(self, call: ApiCall) -> Mapping[str, Any]:
        name = call.params["ConfigRuleName"]
        if self._results.rule(call.account, call.region, name) is None:
            raise no_rule(name)
        found = self._results.findings(call.account, call.region, name)
        return page(_shown(found, call), call.params, "EvaluationResults")

    def _details_by_resource(self, call: ApiCall) -> Mapping[str, Any]:
        found = [
            finding
            for finding in self._all(call)
            if call.params.get("ResourceType") == RESOURCE
            and call.params.get("ResourceId") == finding["resource"]
        ]
        return page(_shown(found, call), call.params, "EvaluationResults")

    def _aggregate(self, call: ApiCall) -> Mapping[str, Any]:
        filters = call.params.get("Filters") or {}
        shown = []
        for account, region in self._sources(call):
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

    def _aggregate_details(self, call: ApiCall) -> Mapping[str, Any]:
        place = (call.params["AccountId"], call.params["AwsRegion"])
        wanted = call.params.get("ComplianceType", "NON_COMPLIANT")
        found: list[Document] = []
        if place in self._sources(call):
            found = self._results.findings(*place, call.params["ConfigRuleName"])
        shown = [
            {**result(finding), "AccountId": place[0], "AwsRegion": place[1]}
            for finding in found
            if finding["compliance"] == wanted
        ]
        return page(shown, call.params, "AggregateEvaluationResults")

    def _sources(self, call: ApiCall) -> list[tuple[str, str]]:
        """Return the accounts and regions that an aggregator gathers from; raises ApiError where
        there is no such aggregator."""
        aggregator = self._platform.call(
            SERVICE,
            "config",
            "DescribeConfigurationAggregators",
            {"ConfigurationAggregatorNames": [call.params["ConfigurationAggregatorName"]]},
            region=call.region,
            account=call.account,
        )["ConfigurationAggregators"][0]
        return [place for place in self._results.places() if self._gathers(call, aggregator, place)]

    def _gathers(self, call: ApiCall, aggregator: Document, place: tuple[str, str]) -> bool:
        account, region = place
        organization = aggregator.get("OrganizationAggregationSource")
        if organization and _in_region(organization, region):
            return True
        for source in aggregator.get("AccountAggregationSources") or ():
            if account in source.get("AccountIds", ()) and _in_region(source, region):
                return account == call.account or self._authorized(call, account, region)
        return False

    def _authorized(self, call: ApiCall, account: str, region: str) -> bool:
        """Whether the account has authorized the aggregator's account and region."""
        try:
            answer = self._platform.call(
                SERVICE,
                "config",
                "DescribeAggregationAuthorizations",
                {},
                region=region,
                account=account,
            )
        except ApiError:
            return False
        return any(
            (given["AuthorizedAccountId"], given["AuthorizedAwsRegion"])
            == (call.account, call.region)
            for given in answer.get("AggregationAuthorizations") or ()
        )

    def _all(self, call: ApiCall) -> Iterator[Document]:
        for rule in self._results.rules(call.account, call.region):
            yield from self._results.findings(call.account, call.region, rule["ConfigRuleName"])


def _in_region(source: Document, region: str) -> bool:
    return bool(source.get("AllAwsRegions")) or region in (source.get("AwsRegions") or ())


def _of_types(shown: list[Document], call: ApiCall) -> list[Document]:
    types = call.params.get("ComplianceTypes")
    return [one for one in shown if not types or one["Compliance"]["ComplianceType"] in types]


def _shown(findings: list[Document], call: ApiCall) -> list[Document]:
    types = call.params.get("ComplianceTypes")
    return [result(finding) for finding in findings if not types or finding["compliance"] in types]

"""Advanced queries over what was recorded, in an account or over those of an aggregator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.config import select
from landrail.localaws.services.config.aggregators import Aggregators
from landrail.localaws.services.config.asking import Place
from landrail.localaws.services.config.compliance import Settle, by_resource
from landrail.localaws.services.config.items import evaluated, plain
from landrail.localaws.services.config.pages import page
from landrail.localaws.services.config.records import Records
from landrail.localaws.services.config.results import Document, Results, compliance

_COMPLIANCE = "AWS::Config::ResourceCompliance"
_MOST = 100


class Queries:
    """The operations of queries."""

    def __init__(
        self, records: Records, results: Results, aggregators: Aggregators, settle: Settle
    ) -> None:
        """Read items of `records`, and what rules say of them of `results`."""
        self._records, self._results = records, results
        self._aggregators, self._settle = aggregators, settle

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {"SelectResourceConfig": self._one, "SelectAggregateResourceConfig": self._all}

    def _one(self, call: ApiCall) -> Mapping[str, Any]:
        query = _read(call)
        place = (call.account, call.region)
        self._settle(place)
        return _answer(call, query, self._items([place]))

    def _all(self, call: ApiCall) -> Mapping[str, Any]:
        query = _read(call)
        return _answer(call, query, self._items(self._aggregators.sources(call)))

    def _items(self, places: Iterable[Place]) -> Iterator[Document]:
        for place in places:
            for item in self._records.all_of(place):
                tags = [
                    {"key": key, "value": value, "tag": f"{key}={value}"}
                    for key, value in item["tags"].items()
                ]
                yield {**evaluated(item), "tags": tags}
            yield from self._compliance(place)

    def _compliance(self, place: Place) -> Iterator[Document]:
        """Yield the items by which Config records what rules say of each resource."""
        rules = {rule["ConfigRuleName"]: rule for rule in self._results.rules(*place)}
        found = by_resource(self._results.all_findings(place))
        for (kind, name), findings in found.items():
            yield {
                "accountId": place[0],
                "awsRegion": place[1],
                "resourceType": _COMPLIANCE,
                "resourceId": f"{kind}/{name}",
                "tags": [],
                "configuration": {
                    "targetResourceType": kind,
                    "targetResourceId": name,
                    "complianceType": compliance(findings)["ComplianceType"],
                    "configRuleList": [
                        {
                            "configRuleName": finding["rule"],
                            "configRuleArn": rules[finding["rule"]]["ConfigRuleArn"],
                            "configRuleId": rules[finding["rule"]]["ConfigRuleId"],
                            "complianceType": finding["compliance"],
                        }
                        for finding in findings
                        if finding["rule"] in rules
                    ],
                },
            }


def _read(call: ApiCall) -> select.Statement:
    limit = call.params.get("Limit") or 0
    if not 0 <= limit <= _MOST:
        raise ApiError("InvalidLimitException", f"The limit is not between 0 and {_MOST}.")
    try:
        return select.parse(call.params["Expression"])
    except select.Wrong as wrong:
        raise ApiError(
            "InvalidExpressionException", f"The expression is not valid: {wrong}"
        ) from wrong


def _answer(call: ApiCall, query: select.Statement, items: Iterable[Document]) -> dict[str, Any]:
    names, found = select.run(query, items)
    answer = page([plain(row) for row in found], call.params, "Results")
    return {**answer, "QueryInfo": {"SelectFields": [{"Name": name} for name in names]}}

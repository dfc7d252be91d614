"""What was recorded of resources, over the accounts of an aggregator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.localaws.api import ApiCall, Operation
from landrail.localaws.services.config.aggregators import Aggregators
from landrail.localaws.services.config.asking import Place
from landrail.localaws.services.config.items import shown
from landrail.localaws.services.config.pages import page
from landrail.localaws.services.config.records import Records
from landrail.localaws.services.config.resources import check_limit, counted, not_discovered
from landrail.localaws.services.config.results import Document


class AggregateResources:
    """The operations of aggregators on items."""

    def __init__(self, records: Records, aggregators: Aggregators) -> None:
        """Read `records`."""
        self._records = records
        self._aggregators = aggregators

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "ListAggregateDiscoveredResources": self._list,
            "GetAggregateDiscoveredResourceCounts": self._counts,
            "BatchGetAggregateResourceConfig": self._batch,
            "GetAggregateResourceConfig": self._one,
        }

    def _items(self, call: ApiCall, filters: Mapping[str, str]) -> Iterator[tuple[Place, Document]]:
        for place in self._aggregators.sources(call):
            if filters.get("AccountId", place[0]) != place[0]:
                continue
            if filters.get("Region", place[1]) != place[1]:
                continue
            for item in self._records.all_of(place, filters.get("ResourceType")):
                yield place, item

    def _list(self, call: ApiCall) -> Mapping[str, Any]:
        check_limit(call, "Limit")
        filters = call.params.get("Filters") or {}
        narrowed = {**filters, "ResourceType": call.params["ResourceType"]}
        found = [
            {
                "SourceAccountId": account,
                "SourceRegion": region,
                "ResourceId": item["resourceId"],
                "ResourceType": item["resourceType"],
                "ResourceName": item["resourceName"] or item["resourceId"],
            }
            for (account, region), item in self._items(call, narrowed)
            if filters.get("ResourceId", item["resourceId"]) == item["resourceId"]
            and filters.get("ResourceName", item["resourceName"]) == item["resourceName"]
        ]
        return page(found, call.params, "ResourceIdentifiers")

    def _counts(self, call: ApiCall) -> Mapping[str, Any]:
        by = call.params.get("GroupByKey")
        found = list(self._items(call, call.params.get("Filters") or {}))
        answer: dict[str, Any] = {"TotalDiscoveredResources": len(found)}
        if by is None:
            return answer
        if by == "RESOURCE_TYPE":
            groups = counted(item for _, item in found)
        else:
            part = 0 if by == "ACCOUNT_ID" else 1
            groups = Counter(place[part] for place, _ in found).most_common()
        listed = [{"GroupName": name, "ResourceCount": count} for name, count in groups]
        return {
            **answer,
            "GroupByKey": by,
            **page(listed, call.params, "GroupedResourceCounts"),
        }

    def _batch(self, call: ApiCall) -> Mapping[str, Any]:
        sources = set(self._aggregators.sources(call))
        found, missing = [], []
        for asked in call.params["ResourceIdentifiers"]:
            item = self._find(sources, asked)
            if item is None:
                missing.append(dict(asked))
            else:
                found.append(shown(item, base=True))
        return {"BaseConfigurationItems": found, "UnprocessedResourceIdentifiers": missing}

    def _one(self, call: ApiCall) -> Mapping[str, Any]:
        asked = call.params["ResourceIdentifier"]
        item = self._find(set(self._aggregators.sources(call)), asked)
        if item is None:
            raise not_discovered(asked["ResourceType"], asked["ResourceId"])
        return {"ConfigurationItem": shown(item)}

    def _find(self, sources: set[Place], asked: Mapping[str, str]) -> Document | None:
        place = (asked["SourceAccountId"], asked["SourceRegion"])
        if place not in sources:
            return None
        item = self._records.of(place, asked["ResourceType"], asked["ResourceId"])
        name = asked.get("ResourceName")
        return item if item is not None and name in (None, item["resourceName"]) else None

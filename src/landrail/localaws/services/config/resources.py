"""What was recorded of resources in an account: which there are, how they are, how they were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.config.compliance import Settle
from landrail.localaws.services.config.items import DELETED, shown
from landrail.localaws.services.config.pages import page
from landrail.localaws.services.config.records import Records
from landrail.localaws.services.config.results import Document

_MOST = 100


class Resources:
    """The operations on items of an account."""

    def __init__(self, records: Records, settle: Settle) -> None:
        """Read `records`."""
        self._records = records
        self._settle = settle

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "ListDiscoveredResources": self._list,
            "GetDiscoveredResourceCounts": self._counts,
            "BatchGetResourceConfig": self._batch,
            "GetResourceConfigHistory": self._history,
        }

    def _list(self, call: ApiCall) -> Mapping[str, Any]:
        place, wanted = (call.account, call.region), call.params
        check_limit(call)
        if wanted.get("resourceIds") and wanted.get("resourceName"):
            raise ApiError(
                "ValidationException",
                "Resources are listed by resourceIds or resourceName, not by both.",
            )
        self._settle(place)
        items = list(self._records.all_of(place, wanted["resourceType"]))
        if wanted.get("includeDeletedResources"):
            items += self._records.deleted(place, wanted["resourceType"])
        found = [
            _identifier(item)
            for item in items
            if not wanted.get("resourceIds") or item["resourceId"] in wanted["resourceIds"]
            if wanted.get("resourceName") in (None, item["resourceName"])
        ]
        return _lower(page(found, _paging(call), "resourceIdentifiers"))

    def _counts(self, call: ApiCall) -> Mapping[str, Any]:
        place = (call.account, call.region)
        check_limit(call)
        self._settle(place)
        types = call.params.get("resourceTypes")
        counts = counted(self._records.all_of(place), types)
        listed = [{"resourceType": kind, "count": count} for kind, count in counts]
        answer = _lower(page(listed, _paging(call), "resourceCounts"))
        return {**answer, "totalDiscoveredResources": sum(count for _, count in counts)}

    def _batch(self, call: ApiCall) -> Mapping[str, Any]:
        place, keys = (call.account, call.region), call.params["resourceKeys"]
        _check_keys(keys)
        self._settle(place)
        found, missing = [], []
        for key in keys:
            item = self._records.of(place, key["resourceType"], key["resourceId"])
            if item is None:
                missing.append(dict(key))
            else:
                found.append(shown(item, base=True))
        return {"baseConfigurationItems": found, "unprocessedResourceKeys": missing}

    def _history(self, call: ApiCall) -> Mapping[str, Any]:
        place, wanted = (call.account, call.region), call.params
        check_limit(call)
        earlier, later = wanted.get("earlierTime"), wanted.get("laterTime")
        if earlier and later and _seconds(earlier) > _seconds(later):
            raise ApiError(
                "InvalidTimeRangeException", "The earlier time is later than the later time."
            )
        self._settle(place)
        items = self._records.history(place, wanted["resourceType"], wanted["resourceId"])
        if not items:
            raise not_discovered(wanted["resourceType"], wanted["resourceId"])
        if wanted.get("chronologicalOrder") == "Forward":
            items.reverse()
        found = [
            shown(item)
            for item in items
            if (not earlier or item["configurationItemCaptureTime"] >= _seconds(earlier))
            and (not later or item["configurationItemCaptureTime"] <= _seconds(later))
        ]
        return _lower(page(found, _paging(call, most=10), "configurationItems"))


def not_discovered(kind: str, name: str) -> ApiError:
    """Return the error for a resource of which nothing was recorded."""
    return ApiError(
        "ResourceNotDiscoveredException",
        f"Resource {name} of resourceType:{kind} is unknown or has not been discovered",
    )


def counted(items: Iterable[Document], types: Iterable[str] | None = None) -> list[tuple[str, int]]:
    """Return how many resources there are of each type, the most first."""
    wanted = set(types or ())
    kinds = (item["resourceType"] for item in items)
    counts = Counter(kind for kind in kinds if not wanted or kind in wanted)
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def check_limit(call: ApiCall, member: str = "limit") -> None:
    """Raise ApiError for a limit that AWS does not take."""
    if not 0 <= (call.params.get(member) or 0) <= _MOST:
        raise ApiError(
            "InvalidLimitException",
            f"Value '{call.params[member]}' at '{member}' failed to satisfy constraint: Member "
            f"must have value less than or equal to {_MOST}",
        )


def _check_keys(keys: Iterable[Mapping[str, str]]) -> None:
    count = len(list(keys))
    if not 1 <= count <= _MOST:
        raise ApiError("ValidationException", f"Between 1 and {_MOST} resourceKeys are asked for.")


def _identifier(item: Document) -> Document:
    found = {name: item.get(name) for name in ("resourceType", "resourceId", "resourceName")}
    if item["configurationItemStatus"] == DELETED:
        found["resourceDeletionTime"] = item["configurationItemCaptureTime"]
    return {name: given for name, given in found.items() if given is not None}


def _paging(call: ApiCall, most: int = 0) -> Mapping[str, Any]:
    """Return the paging parameters, which these operations spell in lower case."""
    limit = call.params.get("limit") or most or _MOST
    return {"Limit": limit, "NextToken": call.params.get("nextToken")}


def _lower(answer: dict[str, Any]) -> dict[str, Any]:
    more = answer.pop("NextToken", None)
    return answer | ({"nextToken": more} if more else {})


def _seconds(moment: datetime | float) -> float:
    return moment.timestamp() if isinstance(moment, datetime) else float(moment)

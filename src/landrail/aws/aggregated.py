"""What Config's aggregator has of all accounts: configuration items by type, page after page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from landrail.aws.sessions import Connection, Identity
from landrail.inventory.record import Item, item_of

AGGREGATOR = "landrail"
_TOWER = "aws-controltower-"
"""How the names of what Control Tower makes begin."""
_COLUMNS = (
    *("accountId", "awsRegion", "resourceType", "resourceId", "resourceName", "arn", "tags"),
    *("resourceCreationTime", "configuration", "supplementaryConfiguration"),
)


def aggregated(connection: Connection, who: Identity, types: Iterable[str]) -> Iterator[Item]:
    """Yield every item of some types that the aggregator has; raises ClientError."""
    name = _aggregator(connection, who)
    for resource_type in types:
        query = f"SELECT {', '.join(_COLUMNS)} WHERE resourceType = '{resource_type}'"
        for result in _results(connection, who, name, query):
            yield item_of({"resourceType": resource_type, **json.loads(result)})


def _aggregator(connection: Connection, who: Identity) -> str:
    """Return the name of the aggregator: ours, or where Control Tower keeps one, that."""
    listed = connection.listed(
        who, "config", "DescribeConfigurationAggregators", "ConfigurationAggregators"
    )
    names = {each["ConfigurationAggregatorName"] for each in listed}
    theirs = sorted(name for name in names if name.startswith(_TOWER))
    return AGGREGATOR if AGGREGATOR in names or not theirs else theirs[0]


def accounts_of(connection: Connection, who: Identity, name: str = AGGREGATOR) -> frozenset[str]:
    """Return the accounts of which an aggregator has something; raises ClientError."""
    asked = {"GroupByKey": "ACCOUNT_ID", "ConfigurationAggregatorName": name}
    operation = "GetAggregateDiscoveredResourceCounts"
    counts = connection.listed(who, "config", operation, "GroupedResourceCounts", **asked)
    return frozenset(str(one["GroupName"]) for one in counts if one.get("ResourceCount"))


def _results(connection: Connection, who: Identity, name: str, query: str) -> Iterator[Any]:
    asked = {"Expression": query, "ConfigurationAggregatorName": name}
    yield from connection.listed(who, "config", "SelectAggregateResourceConfig", "Results", **asked)

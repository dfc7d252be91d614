"""What Config's aggregator has of all accounts: configuration items by type, page after page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from landrail.aws.sessions import Connection, Identity
from landrail.diagnostics import Failure
from landrail.inventory.record import Item, item_of

_OURS = "landrail"
_TOWER = ("aws-controltower-", "controltower.amazonaws.com")
"""How the names of what Control Tower makes begin, and by what service it says it was made: from
landing zone 4.0 on that is an aggregator linked to the service, with a name of its own."""
_COLUMNS = (
    *("accountId", "awsRegion", "resourceType", "resourceId", "resourceName", "arn", "tags"),
    *("resourceCreationTime", "configuration", "supplementaryConfiguration"),
)


def aggregated(
    connection: Connection, who: Identity, types: Iterable[str]
) -> tuple[tuple[Item, ...], frozenset[str]]:
    """Return every item of some types that the aggregator has, and the accounts of which it has
    anything at all; raises ClientError and Failure."""
    name = _aggregator(connection, who)
    return tuple(_items(connection, who, name, types)), _accounts(connection, who, name)


def _items(
    connection: Connection, who: Identity, name: str, types: Iterable[str]
) -> Iterator[Item]:
    for resource_type in types:
        query = f"SELECT {', '.join(_COLUMNS)} WHERE resourceType = '{resource_type}'"
        for result in _results(connection, who, name, query):
            yield item_of({"resourceType": resource_type, **json.loads(result)})


def _aggregator(connection: Connection, who: Identity) -> str:
    """Return the name of the aggregator: ours, or where Control Tower keeps one, that, or else one
    of the whole organization."""
    listed = list(
        connection.listed(
            who, "config", "DescribeConfigurationAggregators", "ConfigurationAggregators"
        )
    )
    for fits in (_is_ours, _is_theirs, _is_whole):
        names = sorted(one["ConfigurationAggregatorName"] for one in listed if fits(one))
        if names:
            return str(names[0])
    raise Failure(
        "there is no aggregator of Config in the audit account",
        "`landrail apply` makes one, and so does a landing zone of Control Tower; without --from "
        "everything is read from AWS",
    )


def _is_ours(aggregator: Mapping[str, Any]) -> bool:
    return bool(aggregator["ConfigurationAggregatorName"] == _OURS)


def _is_theirs(aggregator: Mapping[str, Any]) -> bool:
    name, made_by = _TOWER
    named = aggregator["ConfigurationAggregatorName"].startswith(name)
    return bool(named or aggregator.get("CreatedBy") == made_by)


def _is_whole(aggregator: Mapping[str, Any]) -> bool:
    return bool(aggregator.get("OrganizationAggregationSource"))


def _accounts(connection: Connection, who: Identity, name: str) -> frozenset[str]:
    asked = {"GroupByKey": "ACCOUNT_ID", "ConfigurationAggregatorName": name}
    operation = "GetAggregateDiscoveredResourceCounts"
    counts = connection.listed(who, "config", operation, "GroupedResourceCounts", **asked)
    return frozenset(str(one["GroupName"]) for one in counts if one.get("ResourceCount"))


def _results(connection: Connection, who: Identity, name: str, query: str) -> Iterator[Any]:
    asked = {"Expression": query, "ConfigurationAggregatorName": name}
    yield from connection.listed(who, "config", "SelectAggregateResourceConfig", "Results", **asked)

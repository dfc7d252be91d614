"""What Config's aggregator has of all accounts: configuration items by type, page after page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from landrail.aws.sessions import Connection, Identity
from landrail.inventory.recorded import Item, item_of

AGGREGATOR = "landrail"
_COLUMNS = (
    *("accountId", "awsRegion", "resourceType", "resourceId", "resourceName", "arn", "tags"),
    *("resourceCreationTime", "configuration", "supplementaryConfiguration"),
)


def aggregated(
    connection: Connection, who: Identity, types: Iterable[str], name: str = AGGREGATOR
) -> Iterator[Item]:
    """Yield every item of some types that an aggregator has; raises ClientError."""
    for resource_type in types:
        query = f"SELECT {', '.join(_COLUMNS)} WHERE resourceType = '{resource_type}'"
        for result in _results(connection, who, name, query):
            yield item_of({"resourceType": resource_type, **json.loads(result)})


def _results(connection: Connection, who: Identity, name: str, query: str) -> Iterator[Any]:
    asked = {"Expression": query, "ConfigurationAggregatorName": name}
    yield from connection.listed(who, "config", "SelectAggregateResourceConfig", "Results", **asked)

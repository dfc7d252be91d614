"""Reading a table from what Config recorded, instead of from AWS: the same code, other answers.

A table asks as always, and is answered from the items. What is not recorded is refused, so that a
table which needs it is not looked at, by name, rather than taken for empty.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from landrail.discovery import defined
from landrail.inventory import records as package
from landrail.inventory.ask import Refused
from landrail.inventory.realm import Realm
from landrail.inventory.record import Document, Item, Record

_PAGING = ("NextToken", "Marker", "MaxResults", "MaxBuckets", "ContinuationToken", "MaxItems")


@cache
def records() -> Mapping[str, Record]:
    """Return the records by the names of their tables."""
    return {record.table: record for record in defined(package, "RECORD", Record)}


class Recorded:
    """An Ask that is answered from the items of one account and region."""

    def __init__(
        self, account: str, region: str, realm: Realm, record: Record, items: Iterable[Item]
    ) -> None:
        """`items` may be of any account, region and type: those that belong here are taken."""
        self.account = account
        self.region = region
        self.realm = realm
        here = tuple(
            item
            for item in items
            if (item.account_id, item.region) == (account, region)
            and item.resource_type in record.types
        )
        self._answers = {
            _key(one.service, one.operation, one.parameters): one.answer
            for one in record.answers(here)
        }

    def __call__(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
        """Answer; raises Refused with what AWS would, or where nothing is recorded."""
        asked = {name: given for name, given in parameters.items() if name not in _PAGING}
        answer = self._answers.get(_key(service, operation, asked))
        if answer is None:
            raise Refused("NotRecorded", f"Config does not record {service}:{operation}")
        if isinstance(answer, str):
            raise Refused(answer, f"as Config recorded it ({service}:{operation})")
        return dict(answer)


def _key(service: str, operation: str, parameters: Document) -> str:
    return json.dumps([service, operation, parameters], sort_keys=True, default=str)

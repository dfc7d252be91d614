"""Reading a table from what Config recorded, instead of from AWS: the same code, other answers.

A record says which answers of AWS's read operations stand in Config's items of its type. A table
then asks as always, and is answered from there. What is not recorded is refused, so that a table
which needs it is not looked at, by name, rather than taken for empty.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from landrail.discovery import defined
from landrail.inventory import records as package
from landrail.inventory.ask import Refused
from landrail.inventory.realm import Realm

Document = Mapping[str, Any]
_PAGING = ("NextToken", "Marker", "MaxResults", "MaxBuckets", "ContinuationToken", "MaxItems")


@dataclass(frozen=True, slots=True)
class Item:
    """A configuration item: what Config recorded of one resource. `settings` is what it calls
    supplementary."""

    account_id: str
    region: str
    resource_type: str
    resource_id: str
    name: str
    arn: str
    created: str | None
    tags: Mapping[str, str]
    configuration: Document
    settings: Document


@dataclass(frozen=True, slots=True)
class Answer:
    """What AWS would answer to an operation; a text in the place of an answer is an error's
    code."""

    service: str
    operation: str
    parameters: Document
    answer: Document | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How the items of some types answer for a table: `answers` yields what all items of one
    account and region, together, answer to."""

    table: str
    types: tuple[str, ...]
    answers: Callable[[tuple[Item, ...]], Iterator[Answer]]


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


def item_of(given: Document) -> Item:
    """Return an item of Config's: as in its snapshot files, its queries or its API; raises
    ValueError or KeyError where it is none."""
    return Item(
        account_id=str(given.get("awsAccountId") or given["accountId"]),
        region=str(given["awsRegion"]),
        resource_type=str(given["resourceType"]),
        resource_id=str(given["resourceId"]),
        name=str(given.get("resourceName") or given["resourceId"]),
        arn=str(given.get("arn") or given.get("ARN") or ""),
        created=given.get("resourceCreationTime"),
        tags=_tags(given.get("tags")),
        configuration=parsed(given.get("configuration")),
        settings={
            name: parsed(value)
            for name, value in parsed(given.get("supplementaryConfiguration")).items()
        },
    )


def parsed(value: Any) -> Any:
    """Return a part of an item, which Config writes as an object or as its JSON text."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        return json.loads(value)
    return {} if value in (None, "") else value


def _tags(given: Any) -> Mapping[str, str]:
    """Return tags, which queries write as a list."""
    held = parsed(given)
    if isinstance(held, Mapping):
        return {str(key): str(value) for key, value in held.items()}
    return {str(tag["key"]): str(tag["value"]) for tag in held}


def _key(service: str, operation: str, parameters: Document) -> str:
    return json.dumps([service, operation, parameters], sort_keys=True, default=str)

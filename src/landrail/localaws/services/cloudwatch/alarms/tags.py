"""Tags of alarms, by their ARN."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.cloudwatch.alarms.book import Book, Key, Record
from landrail.localaws.services.cloudwatch.errors import checked, invalid, not_here

_MOST = 50


def given(tags: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """Return the tags of a request; raises ApiError for those that AWS reserves."""
    found = {tag["Key"]: tag["Value"] for tag in tags or ()}
    if any(key.lower().startswith("aws:") for key in found):
        raise invalid("Tag keys that start with `aws:` are reserved.")
    if len(found) > _MOST:
        raise invalid(f"A resource has at most {_MOST} tags.")
    return found


class Tags:
    """The operations on tags."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        found: dict[str, Operation] = {
            "TagResource": self._tag,
            "UntagResource": self._untag,
            "ListTagsForResource": self._list,
        }
        return {name: checked(operation) for name, operation in found.items()}

    def _tag(self, call: ApiCall) -> Mapping[str, Any]:
        key, record = self._alarm(call)
        tags = record["tags"] | given(call.params["Tags"])
        if len(tags) > _MOST:
            raise invalid(f"A resource has at most {_MOST} tags.")
        self._book.amend(key, lambda one: {**one, "tags": tags})
        return {}

    def _untag(self, call: ApiCall) -> Mapping[str, Any]:
        key, record = self._alarm(call)
        gone = set(call.params["TagKeys"])
        tags = {name: value for name, value in record["tags"].items() if name not in gone}
        self._book.amend(key, lambda one: {**one, "tags": tags})
        return {}

    def _list(self, call: ApiCall) -> Mapping[str, Any]:
        _, record = self._alarm(call)
        tags = sorted(record["tags"].items())
        return {"Tags": [{"Key": key, "Value": value} for key, value in tags]}

    def _alarm(self, call: ApiCall) -> tuple[Key, Record]:
        arn = str(call.params["ResourceARN"])
        parts = arn.split(":", 6)
        if len(parts) < 7 or parts[5] != "alarm":
            raise not_here(f"tags of anything but alarms ({arn})")
        key = Key(parts[4], parts[3], parts[6])
        record = self._book.get(key)
        if record is None or (key.account, key.region) != (call.account, call.region):
            raise ApiError("ResourceNotFoundException", f"There is no alarm {arn}.", 404)
        return key, record

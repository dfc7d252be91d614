"""Configuration items: what Config records of a resource, from its row in the inventory.

The configuration is in the words that Config uses for the type: those of the describing operation,
beginning in lower case for the types that Config has had for long, or CloudFormation's. The records
of the inventory say which, for it reads them again.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any

from landrail.inventory import Row
from landrail.inventory.described import VOLATILE, in_lower_case
from landrail.inventory.recorded import GLOBAL, record_of

Document = dict[str, Any]
DISCOVERED, CHANGED, DELETED = "ResourceDiscovered", "OK", "ResourceDeleted"
_GLOBALLY = "AWS::IAM::"
_LOWER = re.compile(
    r"AWS::(EC2|IAM|RDS|KMS|Lambda|CodeBuild|CodePipeline|CloudTrail|Redshift|S3)::"
)


def item_of(row: Row, status: str, seconds: float, frequency: str) -> Document:
    """Return the configuration item of a row."""
    configuration, supplementary = _shaped(row)
    created = row.get("created")
    content = plain([configuration, supplementary, row.get("tags")])
    state = hashlib.sha256(f"{seconds}{content}".encode()).hexdigest()
    return {
        "version": "1.3",
        "accountId": row["account_id"],
        "awsRegion": GLOBAL if row["resource_type"].startswith(_GLOBALLY) else row["region"],
        "resourceType": row["resource_type"],
        "resourceId": row["resource_id"],
        "resourceName": row.get("resource_name"),
        "arn": row.get("arn"),
        "availabilityZone": _zone(row),
        "resourceCreationTime": _seconds(created) if created else None,
        "configurationItemCaptureTime": seconds,
        "configurationItemStatus": status,
        "configurationStateId": str(int(state[:15], 16)),
        "recordingFrequency": frequency,
        "tags": dict(row.get("tags") or {}),
        "configuration": json.loads(plain(configuration)),
        "supplementaryConfiguration": json.loads(plain(supplementary)),
    }


def same(before: Document, now: Document) -> bool:
    """Whether nothing has changed between two items of a resource."""
    parts = ("tags", "configuration", "supplementaryConfiguration", "resourceName")
    return all(plain(before.get(part)) == plain(now.get(part)) for part in parts)


def deleted(before: Document, seconds: float) -> Document:
    """Return the last item of a resource that is gone."""
    return {
        **before,
        "configurationItemStatus": DELETED,
        "configurationItemCaptureTime": seconds,
        "configuration": None,
        "supplementaryConfiguration": {},
        "tags": {},
    }


def shown(item: Document, base: bool = False) -> Document:
    """Return an item as the API answers it: configurations as JSON texts; `base` has no tags and
    relationships."""
    answer = {name: given for name, given in item.items() if given is not None}
    for moment in ("configurationItemCaptureTime", "resourceCreationTime"):
        if moment in answer:
            answer[moment] = datetime.fromtimestamp(answer[moment], UTC)
    answer["configuration"] = plain(item["configuration"]) if item["configuration"] else ""
    answer["supplementaryConfiguration"] = {
        name: given if isinstance(given, str) else plain(given)
        for name, given in item["supplementaryConfiguration"].items()
    }
    if base:
        answer.pop("tags", None)
        return answer
    return {**answer, "relatedEvents": [], "relationships": []}


def evaluated(item: Document) -> Document:
    """Return an item as policies and queries see it: configurations as objects, times as text."""
    return {**item, **{m: text(item[m]) for m in _TIMES if item.get(m) is not None}}


_TIMES = ("configurationItemCaptureTime", "resourceCreationTime")


def text(seconds: float) -> str:
    """Return a time as Config writes it."""
    written = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return written.replace("+00:00", "Z")


def plain(value: Any) -> str:
    """Return a value as JSON text, times as Config writes them."""
    return json.dumps(value, default=_written, separators=(",", ":"))


def _written(value: Any) -> str:
    return text(_seconds(value)) if isinstance(value, datetime) else str(value)


def _seconds(moment: datetime | float) -> float:
    if isinstance(moment, datetime):
        zoned = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        return round(zoned.timestamp(), 3)
    return float(moment)


def _zone(row: Row) -> str:
    given = row.get("configuration") or {}
    place = given.get("AvailabilityZone") or (given.get("Placement") or {}).get("AvailabilityZone")
    return str(place) if place else "Regional"


def _shaped(row: Row) -> tuple[Any, Document]:
    record = record_of(row["resource_type"])
    if record is not None and record.shape is not None:
        return record.shape(row)
    if _LOWER.match(row["resource_type"]):
        return in_lower_case(row)
    told = row.get("configuration") or {}
    return {name: value for name, value in told.items() if name not in VOLATILE}, {}

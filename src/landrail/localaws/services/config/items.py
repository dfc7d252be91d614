"""Configuration items: what Config records of a resource, from its row in the inventory.

The configuration is in the words that Config uses for the type: those of the describing operation,
beginning in lower case for the types that Config has had for long; a bucket's settings are
supplementary.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.inventory import Row

Document = dict[str, Any]
DISCOVERED, CHANGED, DELETED = "ResourceDiscovered", "OK", "ResourceDeleted"
_LOWER = re.compile(
    r"AWS::(EC2|IAM|RDS|KMS|Lambda|CodeBuild|CodePipeline|CloudTrail|Redshift|S3)::"
)
_KEYED = ("tags", "variables")
"""Objects whose keys are data."""
_VOLATILE = ("LastModifiedTime", "LastModified", "CreationTime", "FailureReason")


def item_of(row: Row, status: str, seconds: float, frequency: str) -> Document:
    """Return the configuration item of a row."""
    configuration, supplementary = _shaped(row)
    created = row.get("created")
    content = plain([configuration, supplementary, row.get("tags")])
    state = hashlib.sha256(f"{seconds}{content}".encode()).hexdigest()
    return {
        "version": "1.3",
        "accountId": row["account_id"],
        "awsRegion": row["region"],
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
    given = row.get("configuration") or {}
    if row["resource_type"] == "AWS::S3::Bucket":
        return _bucket(row, given)
    if row["resource_type"] == "AWS::S3::AccountPublicAccessBlock":
        return _block(given.get("public_access_block") or {}), {}
    kept = {name: value for name, value in given.items() if name not in _VOLATILE}
    if _LOWER.match(row["resource_type"]):
        return _lowered(kept), {}
    return kept, {}


def _lowered(value: Any, keyed: bool = False) -> Any:
    if isinstance(value, Mapping):
        return {
            (name if keyed else name[:1].lower() + name[1:]): _lowered(
                one, name.lower() in _KEYED and isinstance(one, Mapping)
            )
            for name, one in value.items()
        }
    if isinstance(value, list | tuple):
        return [_lowered(one) for one in value]
    return value


def _block(told: Mapping[str, Any]) -> Document:
    return {
        "blockPublicAcls": bool(told.get("block_public_acls")),
        "ignorePublicAcls": bool(told.get("ignore_public_acls")),
        "blockPublicPolicy": bool(told.get("block_public_policy")),
        "restrictPublicBuckets": bool(told.get("restrict_public_buckets")),
    }


def _grant(who: str, what: str) -> Document:
    """A grant, in the words of the Java SDK, as Config has it."""
    group = who.rpartition("/")[2]
    return {
        "grantee": group if who.startswith("http") else {"id": who},
        "permission": "".join(word.capitalize() for word in what.split("_")),
    }


def _bucket(row: Row, told: Mapping[str, Any]) -> tuple[Document, Document]:
    """A bucket and its settings, as Config names them."""
    created = row.get("created")
    configuration = {
        "name": row["resource_id"],
        "owner": {"id": row["account_id"]},
        "creationDate": text(_seconds(created)) if created else None,
        "region": row["region"],
    }
    policy = told.get("policy")
    block = told.get("public_access_block") or {}
    default = told.get("encryption") or {}
    logging = told.get("logging") or {}
    rules = [
        {
            "applyServerSideEncryptionByDefault": {
                "sseAlgorithm": default.get("SSEAlgorithm"),
                "kmsMasterKeyID": default.get("KMSMasterKeyID"),
            }
        }
    ]
    supplementary: Document = {
        "AccessControlList": {
            "grantSet": None,
            "grantList": [_grant(*grant) for grant in told.get("grants") or ()],
            "owner": {"id": row["account_id"]},
        },
        "BucketPolicy": {"policyText": json.dumps(policy) if policy else None},
        "BucketVersioningConfiguration": {
            "status": told.get("versioning") or "Off",
            "isMfaDeleteEnabled": row.get("mfa_delete"),
        },
        "BucketLoggingConfiguration": {
            "destinationBucketName": logging.get("TargetBucket"),
            "logFilePrefix": logging.get("TargetPrefix"),
        },
        "BucketLifecycleConfiguration": {"rules": _lowered(told.get("lifecycle") or [])},
        "BucketReplicationConfiguration": {"rules": _lowered(told.get("replication") or [])},
        "BucketNotificationConfiguration": _lowered(told.get("notification") or {}),
        "ObjectLockConfiguration": _lowered(told.get("object_lock") or {}),
        "PublicAccessBlockConfiguration": _block(block),
    }
    if row.get("acls_enabled") is False:
        owned = {"objectOwnership": "BucketOwnerEnforced"}
        supplementary["OwnershipControls"] = {"rules": [owned]}
    if default:
        supplementary["ServerSideEncryptionConfiguration"] = {"rules": rules}
    return configuration, supplementary

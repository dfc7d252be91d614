"""S3 buckets, as Config records them: the settings of a bucket are supplementary, in the words of
the Java SDK. Ownership controls are in no record of old: ACLs count where there is none."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.described import lowered
from landrail.inventory.record import Answer, Item, Record, Shape, parsed
from landrail.inventory.s3 import block_answer, block_said, recorded_block
from landrail.inventory.table import Row

_GROUPS = {
    "AllUsers": "http://acs.amazonaws.com/groups/global/AllUsers",
    "AuthenticatedUsers": "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
    "LogDelivery": "http://acs.amazonaws.com/groups/s3/LogDelivery",
}
_PERMISSIONS = {
    "FullControl": "FULL_CONTROL",
    "Read": "READ",
    "ReadAcp": "READ_ACP",
    "Write": "WRITE",
    "WriteAcp": "WRITE_ACP",
}
_BLOCK_TYPE = "AWS::S3::AccountPublicAccessBlock"


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    buckets = [item for item in items if item.resource_type != _BLOCK_TYPE]
    listed = [
        {"Name": item.name, "BucketRegion": item.region, "CreationDate": item.created}
        for item in buckets
    ]
    yield Answer("s3", "ListBuckets", {}, {"Buckets": listed})
    for account in {item.account_id for item in items}:
        yield block_answer(account, items)
    for item in buckets:
        for operation, answer in _of_bucket(item):
            yield Answer("s3", operation, {"Bucket": item.name}, answer)


def _of_bucket(item: Item) -> Iterator[tuple[str, Mapping[str, Any] | str]]:
    said = item.settings
    region = None if item.region == "us-east-1" else item.region
    yield "GetBucketLocation", {"LocationConstraint": region}
    tags = [{"Key": key, "Value": value} for key, value in item.tags.items()]
    yield "GetBucketTagging", {"TagSet": tags} if tags else "NoSuchTagSet"
    yield "GetBucketVersioning", _versioning(said.get("BucketVersioningConfiguration") or {})
    policy = (said.get("BucketPolicy") or {}).get("policyText")
    yield "GetBucketPolicy", {"Policy": policy} if policy else "NoSuchBucketPolicy"
    yield "GetPublicAccessBlock", block_said(said.get("PublicAccessBlockConfiguration"))
    yield "GetBucketEncryption", _encryption(said.get("ServerSideEncryptionConfiguration"))
    yield "GetBucketOwnershipControls", _ownership(said)
    yield "GetBucketAcl", _acl(parsed(said.get("AccessControlList")), item)
    yield "GetBucketLogging", _logging(said.get("BucketLoggingConfiguration") or {})
    yield "GetBucketLifecycleConfiguration", _lifecycle(said)
    yield "GetBucketWebsite", _website(said.get("BucketWebsiteConfiguration") or {})
    yield "GetObjectLockConfiguration", _lock(parsed(said.get("ObjectLockConfiguration")))
    # Where there are some, Config writes them in ways of its own, which are not read: then a rule
    # that asks about them does not look at the bucket.
    if not (said.get("BucketReplicationConfiguration") or {}).get("rules"):
        yield "GetBucketReplication", "ReplicationConfigurationNotFoundError"
    if not any((said.get("BucketNotificationConfiguration") or {}).values()):
        yield "GetBucketNotificationConfiguration", {}


def _logging(given: Mapping[str, Any]) -> dict[str, Any]:
    if not given.get("destinationBucketName"):
        return {}
    prefix = given.get("logFilePrefix") or ""
    target = {"TargetBucket": given["destinationBucketName"], "TargetPrefix": prefix}
    return {"LoggingEnabled": target}


def _lifecycle(said: Mapping[str, Any]) -> Mapping[str, Any] | str:
    rules = (said.get("BucketLifecycleConfiguration") or {}).get("rules") or ()
    if not rules:
        return "NoSuchLifecycleConfiguration"
    return {"Rules": [{"Status": rule.get("status")} for rule in rules]}


def _website(given: Mapping[str, Any]) -> Mapping[str, Any] | str:
    answer: dict[str, Any] = {}
    if given.get("indexDocumentSuffix"):
        answer["IndexDocument"] = {"Suffix": given["indexDocumentSuffix"]}
    if given.get("redirectAllRequestsTo"):
        answer["RedirectAllRequestsTo"] = {"HostName": given["redirectAllRequestsTo"]["hostName"]}
    return answer or "NoSuchWebsiteConfiguration"


def _lock(given: Mapping[str, Any]) -> Mapping[str, Any] | str:
    if given.get("objectLockEnabled") != "Enabled":
        return "ObjectLockConfigurationNotFoundError"
    retention = (given.get("rule") or {}).get("defaultRetention") or {}
    held = {"Mode": retention["mode"]} if retention.get("mode") else {}
    rule = {"Rule": {"DefaultRetention": held}} if held else {}
    return {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled", **rule}}


def _versioning(given: Mapping[str, Any]) -> dict[str, Any]:
    status = given.get("status")
    answer = {"Status": status} if status in ("Enabled", "Suspended") else {}
    return {**answer, "MFADelete": "Enabled" if given.get("isMfaDeleteEnabled") else "Disabled"}


def _encryption(given: Mapping[str, Any] | None) -> Mapping[str, Any] | str:
    rules = []
    for rule in (given or {}).get("rules") or ():
        default = rule.get("applyServerSideEncryptionByDefault") or {}
        if default.get("sseAlgorithm"):
            said = {"SSEAlgorithm": default["sseAlgorithm"]}
            if default.get("kmsMasterKeyID"):
                said["KMSMasterKeyID"] = default["kmsMasterKeyID"]
            rules.append({"ApplyServerSideEncryptionByDefault": said})
    if not rules:
        return "ServerSideEncryptionConfigurationNotFoundError"
    return {"ServerSideEncryptionConfiguration": {"Rules": rules}}


def _ownership(said: Mapping[str, Any]) -> Mapping[str, Any] | str:
    given = said.get("OwnershipControls") or said.get("BucketOwnershipControls") or {}
    rules = [{"ObjectOwnership": rule.get("objectOwnership")} for rule in given.get("rules") or ()]
    if not rules:
        return "OwnershipControlsNotFoundError"
    return {"OwnershipControls": {"Rules": rules}}


def _acl(given: Any, item: Item) -> dict[str, Any]:
    held = given if isinstance(given, Mapping) else {}
    owner = (held.get("owner") or item.configuration.get("owner") or {}).get("id")
    grants = held.get("grantList") or held.get("grantSet") or ()
    return {
        "Owner": {"ID": owner},
        "Grants": [
            {"Grantee": _grantee(grant.get("grantee")), "Permission": _permission(grant)}
            for grant in grants
        ],
    }


def _grantee(given: Any) -> dict[str, str]:
    if isinstance(given, Mapping):
        return {"ID": str(given.get("id") or json.dumps(given))}
    text = str(given)
    uri = _GROUPS.get(text, text if text.startswith("http") else "")
    return {"URI": uri} if uri else {"ID": text}


def _permission(grant: Mapping[str, Any]) -> str:
    written = str(grant.get("permission"))
    return _PERMISSIONS.get(written, written)


def _shape(row: Row) -> Shape:
    told = row.get("configuration") or {}
    configuration = {
        "name": row["resource_id"],
        "owner": {"id": row["account_id"]},
        "creationDate": row.get("created"),
        "region": row["region"],
    }
    parts = (_settings(row, told), _owned(row), _encrypted(told), _as_website(told))
    return configuration, {name: given for part in parts for name, given in part.items()}


def _settings(row: Row, told: Mapping[str, Any]) -> dict[str, Any]:
    policy, logging = told.get("policy"), told.get("logging") or {}
    return {
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
        "BucketLifecycleConfiguration": {"rules": lowered(told.get("lifecycle") or [])},
        "BucketReplicationConfiguration": {"rules": lowered(told.get("replication") or [])},
        "BucketNotificationConfiguration": lowered(told.get("notification") or {}),
        "ObjectLockConfiguration": lowered(told.get("object_lock") or {}),
        "PublicAccessBlockConfiguration": recorded_block(told.get("public_access_block") or {}),
    }


def _owned(row: Row) -> dict[str, Any]:
    if row.get("acls_enabled") is not False:
        return {}
    return {"OwnershipControls": {"rules": [{"objectOwnership": "BucketOwnerEnforced"}]}}


def _as_website(told: Mapping[str, Any]) -> dict[str, Any]:
    given = told.get("website")
    if given is None:
        return {}
    redirect = given.get("RedirectAllRequestsTo")
    said = {
        "indexDocumentSuffix": (given.get("IndexDocument") or {}).get("Suffix"),
        **({"redirectAllRequestsTo": lowered(redirect)} if redirect else {}),
    }
    return {"BucketWebsiteConfiguration": said}


def _encrypted(told: Mapping[str, Any]) -> dict[str, Any]:
    default = told.get("encryption") or {}
    rule = {
        "sseAlgorithm": default.get("SSEAlgorithm"),
        "kmsMasterKeyID": default.get("KMSMasterKeyID"),
    }
    rules = {"rules": [{"applyServerSideEncryptionByDefault": rule}]}
    return {"ServerSideEncryptionConfiguration": rules} if default else {}


def _grant(who: str, what: str) -> dict[str, Any]:
    """A grant, in the words of the Java SDK, as Config has it."""
    group = who.rpartition("/")[2]
    return {
        "grantee": group if who.startswith("http") else {"id": who},
        "permission": "".join(word.capitalize() for word in what.split("_")),
    }


RECORD = Record(
    table="s3_buckets",
    types=("AWS::S3::Bucket",),
    answers=_answers,
    shape=_shape,
    beside=(_BLOCK_TYPE,),
)

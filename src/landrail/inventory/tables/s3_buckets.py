"""S3 buckets: who may reach them, how they keep what is in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask, Refused, items, or_none, wants
from landrail.inventory.describing import each
from landrail.inventory.outside import outsiders
from landrail.inventory.policies import allows_public
from landrail.inventory.realm import realm_of
from landrail.inventory.s3 import (
    BLOCK,
    NO_BLOCK,
    READS,
    WRITES,
    account_block,
    block_columns,
    demands_encryption,
    denies_insecure_transport,
    grantees,
)
from landrail.inventory.table import Column, Row, Table, listed

_NO_POLICY = "NoSuchBucketPolicy"
_NO_ENCRYPTION = "ServerSideEncryptionConfigurationNotFoundError"
_NO_OWNERSHIP = "OwnershipControlsNotFoundError"
_NO_TAGS = "NoSuchTagSet"
_NO_LIFECYCLE = "NoSuchLifecycleConfiguration"
_NO_REPLICATION = "ReplicationConfigurationNotFoundError"
_NO_WEBSITE = "NoSuchWebsiteConfiguration"
_NO_LOCK = "ObjectLockConfigurationNotFoundError"
_EVERYBODY = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)
_ACL_READS = ("READ", "READ_ACP", "FULL_CONTROL")
_ACL_WRITES = ("WRITE", "WRITE_ACP", "FULL_CONTROL")
_OF_BLOCKS = ("ignores_public_acls", "restricts_public_policy", *(c.name for c in BLOCK))
_OF_ACL = ("acls_enabled", "acl_public_read", "acl_public_write", "acl_grants_others")
_OF_POLICY = (
    *("policy_public_read", "policy_public_write", "policy_demands_tls", "outsiders", "grantees"),
    "policy_demands_encryption",
)
_MOST = 1000
_ACCOUNT = 4
"""Where the account stands in an ARN."""


def _collect(ask: Ask) -> Iterator[Row]:
    # Paged, so that S3 says of each bucket where it is.
    found = items(ask, "s3", "ListBuckets", "Buckets", MaxBuckets=_MOST)
    here = {
        bucket["Name"]: bucket
        for bucket in found
        if bucket.get("BucketRegion", ask.region) == ask.region
    }
    yield from each(ask, here, lambda name: _found(ask, name, **_told(here[name])))


def _told(bucket: Mapping[str, Any]) -> dict[str, Any]:
    return {"here": "BucketRegion" in bucket, "created": bucket.get("CreationDate")}


def _one(ask: Ask, name: str) -> Iterator[Row]:
    yield from _found(ask, name)


def _found(ask: Ask, name: str, here: bool = False, created: Any = None) -> Iterator[Row]:
    try:
        if not here:
            asked = ask("s3", "GetBucketLocation", Bucket=name)
            here = (asked.get("LocationConstraint") or "us-east-1") == ask.region
        if here:
            yield {**_row(ask, name), "created": created}
    except Refused as error:
        if error.code != "NoSuchBucket":
            raise


def _row(ask: Ask, name: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "resource_id": name,
        "resource_name": name,
        "arn": f"arn:aws:s3:::{name}",
    }
    told: dict[str, Any] = {"name": name}
    for columns, read in _PARTS.items():
        if wants(ask, *columns):
            found, said = read(ask, name)
            row.update(found)
            told.update(said)
    return {**row, "configuration": told}


Part = tuple[dict[str, Any], dict[str, Any]]
"""Columns, and what AWS said that they come from."""


def _tags(ask: Ask, name: str) -> Part:
    found = or_none(ask, _NO_TAGS, "s3", "GetBucketTagging", Bucket=name) or {}
    return {"tags": {tag["Key"]: tag["Value"] for tag in found.get("TagSet") or ()}}, {}


def _versioning(ask: Ask, name: str) -> Part:
    found = ask("s3", "GetBucketVersioning", Bucket=name)
    status, mfa = found.get("Status"), found.get("MFADelete")
    return {"versioning": status, "mfa_delete": mfa == "Enabled"}, {"versioning": status}


def _policy(ask: Ask, name: str) -> Part:
    found = or_none(ask, _NO_POLICY, "s3", "GetBucketPolicy", Bucket=name)
    policy: Mapping[str, Any] | None = json.loads(found["Policy"]) if found else None
    return {
        "policy_public_read": allows_public(policy, READS),
        "policy_public_write": allows_public(policy, WRITES),
        "policy_demands_tls": denies_insecure_transport(policy, f"arn:aws:s3:::{name}"),
        "policy_demands_encryption": demands_encryption(policy),
        "outsiders": listed(outsiders(policy, ask)),
        "grantees": listed(grantees(policy)),
    }, {"policy": policy}


def _blocks(ask: Ask, name: str) -> Part:
    own = block_columns(or_none(ask, NO_BLOCK, "s3", "GetPublicAccessBlock", Bucket=name))
    account = account_block(ask)
    return {
        **own,
        "ignores_public_acls": own["ignore_public_acls"] or account["ignore_public_acls"],
        "restricts_public_policy": own["restrict_public_buckets"]
        or account["restrict_public_buckets"],
    }, {"public_access_block": own}


def _acl(ask: Ask, name: str) -> Part:
    found = or_none(ask, _NO_OWNERSHIP, "s3", "GetBucketOwnershipControls", Bucket=name) or {}
    rules = (found.get("OwnershipControls") or {}).get("Rules") or ()
    enabled = all(rule.get("ObjectOwnership") != "BucketOwnerEnforced" for rule in rules)
    acl = ask("s3", "GetBucketAcl", Bucket=name) if enabled else {}
    owner = (acl.get("Owner") or {}).get("ID")
    grants = [
        (grant["Grantee"].get("URI") or grant["Grantee"].get("ID", ""), grant["Permission"])
        for grant in acl.get("Grants") or ()
    ]
    return {
        "acls_enabled": enabled,
        "acl_public_read": _opened(grants, _ACL_READS),
        "acl_public_write": _opened(grants, _ACL_WRITES),
        "acl_grants_others": any(who != owner for who, _ in grants),
    }, {"grants": grants}


def _opened(grants: Iterable[tuple[str, str]], permissions: tuple[str, ...]) -> bool:
    return any(who in _EVERYBODY and what in permissions for who, what in grants)


def _encryption(ask: Ask, name: str) -> Part:
    found = or_none(ask, _NO_ENCRYPTION, "s3", "GetBucketEncryption", Bucket=name) or {}
    rules = (found.get("ServerSideEncryptionConfiguration") or {}).get("Rules") or ()
    by_default = (rule.get("ApplyServerSideEncryptionByDefault") for rule in rules)
    default: Mapping[str, Any] = next((rule for rule in by_default if rule), {})
    return {
        "encryption": default.get("SSEAlgorithm"),
        "kms_key": default.get("KMSMasterKeyID"),
    }, {"encryption": default}


def _key_outside(ask: Ask, name: str) -> Part:
    key = _encryption(ask, name)[0]["kms_key"] or ""
    parts = key.split(":")
    # An id or an alias is of the bucket's own account.
    return {"key_outside": len(parts) > _ACCOUNT and not realm_of(ask).holds(parts[_ACCOUNT])}, {}


def _logging(ask: Ask, name: str) -> Part:
    found = ask("s3", "GetBucketLogging", Bucket=name).get("LoggingEnabled") or {}
    return {
        "log_bucket": found.get("TargetBucket"),
        "log_prefix": found.get("TargetPrefix"),
    }, {"logging": found}


def _lifecycle(ask: Ask, name: str) -> Part:
    found = or_none(ask, _NO_LIFECYCLE, "s3", "GetBucketLifecycleConfiguration", Bucket=name) or {}
    rules = found.get("Rules") or ()
    return {"lifecycle": any(r.get("Status") == "Enabled" for r in rules)}, {"lifecycle": rules}


def _website(ask: Ask, name: str) -> Part:
    found = or_none(ask, _NO_WEBSITE, "s3", "GetBucketWebsite", Bucket=name)
    names = ("IndexDocument", "RedirectAllRequestsTo", "RoutingRules")
    told = {key: found[key] for key in names if found.get(key)} if found else {}
    return {"website": found is not None}, {"website": told} if found is not None else {}


def _replication(ask: Ask, name: str) -> Part:
    found = or_none(ask, _NO_REPLICATION, "s3", "GetBucketReplication", Bucket=name) or {}
    rules = (found.get("ReplicationConfiguration") or {}).get("Rules") or ()
    enabled = [rule for rule in rules if rule.get("Status") == "Enabled"]
    kinds = {_kind(ask, rule["Destination"]["Bucket"].rsplit(":", 1)[-1]) for rule in enabled}
    return {
        "replication": bool(enabled),
        "replication_types": listed(kind for kind in kinds if kind is not None),
    }, {"replication": rules}


def _kind(ask: Ask, destination: str) -> str | None:
    """Whether a bucket is in this region, None where that may not be known (another account's)."""
    try:
        there = ask("s3", "GetBucketLocation", Bucket=destination).get("LocationConstraint")
    except Refused:
        return None
    return "SAME-REGION" if (there or "us-east-1") == ask.region else "CROSS-REGION"


def _notification(ask: Ask, name: str) -> Part:
    found = ask("s3", "GetBucketNotificationConfiguration", Bucket=name)
    lists = {
        "TopicConfigurations": "TopicArn",
        "QueueConfigurations": "QueueArn",
        "LambdaFunctionConfigurations": "LambdaFunctionArn",
    }
    each = [(one, key) for member, key in lists.items() for one in found.get(member) or ()]
    bus = found.get("EventBridgeConfiguration") is not None
    return {
        "notifies": bool(each) or bus,
        "notified": listed(one[key] for one, key in each),
        "events": listed(event for one, _ in each for event in one.get("Events") or ()),
    }, {"notification": {member: found.get(member) for member in lists}}


def _lock(ask: Ask, name: str) -> Part:
    found = or_none(ask, _NO_LOCK, "s3", "GetObjectLockConfiguration", Bucket=name) or {}
    config = found.get("ObjectLockConfiguration") or {}
    retention = (config.get("Rule") or {}).get("DefaultRetention") or {}
    return {
        "object_lock": config.get("ObjectLockEnabled") == "Enabled",
        "lock_mode": retention.get("Mode"),
    }, {"object_lock": config}


_PARTS = {
    ("tags", "tag_keys"): _tags,
    ("versioning", "mfa_delete"): _versioning,
    ("encryption", "kms_key"): _encryption,
    ("key_outside",): _key_outside,
    _OF_POLICY: _policy,
    _OF_BLOCKS: _blocks,
    _OF_ACL: _acl,
    ("log_bucket", "log_prefix"): _logging,
    ("lifecycle",): _lifecycle,
    ("website",): _website,
    ("replication", "replication_types"): _replication,
    ("notifies", "notified", "events"): _notification,
    ("object_lock", "lock_mode"): _lock,
}
"""What is read by one call or two, by the columns that it gives."""

TABLE = Table(
    name="s3_buckets",
    resource_type="AWS::S3::Bucket",
    services=("s3", "s3control"),
    columns=(
        Column("versioning", "text", "`Enabled`, `Suspended`, or null where never switched on"),
        Column("mfa_delete", "boolean", "whether deleting versions takes MFA"),
        Column("encryption", "text", "the algorithm of its default encryption"),
        Column("kms_key", "text", "the KMS key of its default encryption"),
        Column("key_outside", "boolean", "that key is of no account of the organization"),
        *BLOCK,
        Column("ignores_public_acls", "boolean", "by its own block or its account's"),
        Column("restricts_public_policy", "boolean", "by its own block or its account's"),
        Column("acls_enabled", "boolean", "whether ACLs count at all"),
        Column("acl_public_read", "boolean", "its ACL lets everybody read"),
        Column("acl_public_write", "boolean", "its ACL lets everybody write"),
        Column("acl_grants_others", "boolean", "its ACL grants something to others than its owner"),
        Column("policy_public_read", "boolean", "its policy lets everybody read"),
        Column("policy_public_write", "boolean", "its policy lets everybody write"),
        Column("policy_demands_tls", "boolean", "its policy denies what comes without TLS"),
        Column("policy_demands_encryption", "boolean", "its policy denies unencrypted objects"),
        Column("outsiders", "text", "whom its policy lets in from outside the organization"),
        Column("grantees", "text", "whom its policy grants something, each between commas"),
        Column("log_bucket", "text", "the bucket of its access logs"),
        Column("log_prefix", "text", "the prefix of its access logs"),
        Column("lifecycle", "boolean", "whether a lifecycle rule is on"),
        Column("website", "boolean", "whether it answers as a website"),
        Column("replication", "boolean", "whether a replication rule is on"),
        Column("replication_types", "text", "`SAME-REGION`, `CROSS-REGION`, each between commas"),
        Column("notifies", "boolean", "whether it tells somebody of events"),
        Column("notified", "text", "the ARNs of whom it tells, each between commas"),
        Column("events", "text", "the events that it tells, each between commas"),
        Column("object_lock", "boolean", "whether its objects can be locked"),
        Column("lock_mode", "text", "`GOVERNANCE` or `COMPLIANCE`, where it locks by default"),
    ),
    collect=_collect,
    one=_one,
    reads=(
        "s3:GetAccountPublicAccessBlock",
        "s3:GetBucketAcl",
        "s3:GetBucketLocation",
        "s3:GetBucketLogging",
        "s3:GetBucketNotification",
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetBucketOwnershipControls",
        "s3:GetBucketPolicy",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketTagging",
        "s3:GetBucketVersioning",
        "s3:GetBucketWebsite",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListAllMyBuckets",
    ),
)

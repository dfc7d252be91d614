"""S3 buckets: who may reach them, how they keep what is in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask, Refused, items, or_none
from landrail.inventory.policies import allows_public, denies_insecure_transport
from landrail.inventory.table import Column, Row, Table

_NO_POLICY = "NoSuchBucketPolicy"
_NO_BLOCK = "NoSuchPublicAccessBlockConfiguration"
_NO_ENCRYPTION = "ServerSideEncryptionConfigurationNotFoundError"
_NO_OWNERSHIP = "OwnershipControlsNotFoundError"
_NO_TAGS = "NoSuchTagSet"
_EVERYBODY = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)
_READS = ("READ", "READ_ACP", "FULL_CONTROL")
_WRITES = ("WRITE", "WRITE_ACP", "FULL_CONTROL")
_READ_ACTIONS = ("s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:ListBucketVersions")
_WRITE_ACTIONS = ("s3:PutObject", "s3:DeleteObject", "s3:PutObjectAcl", "s3:PutBucketAcl")


def _collect(ask: Ask) -> Iterator[Row]:
    for bucket in items(ask, "s3", "ListBuckets", "Buckets"):
        yield from _one(ask, bucket["Name"], bucket.get("CreationDate"))


def _one(ask: Ask, name: str, created: Any = None) -> Iterator[Row]:
    try:
        row = _row(ask, name)
    except Refused as error:
        if error.code != "NoSuchBucket":
            raise
        return
    if row is not None:
        yield {**row, "created": created}


def _row(ask: Ask, name: str) -> Row | None:
    where = ask("s3", "GetBucketLocation", Bucket=name).get("LocationConstraint") or "us-east-1"
    if where != ask.region:
        return None
    policy = _policy(ask, name)
    blocks = _blocks(ask, name)
    grants = _grants(ask, name)
    default = _encryption(ask, name)
    versioning = ask("s3", "GetBucketVersioning", Bucket=name)
    tags = or_none(ask, _NO_TAGS, "s3", "GetBucketTagging", Bucket=name) or {}
    return {
        "resource_id": name,
        "resource_name": name,
        "arn": f"arn:aws:s3:::{name}",
        "tags": {tag["Key"]: tag["Value"] for tag in tags.get("TagSet") or ()},
        "configuration": {"name": name, "policy": policy, "grants": grants, "encryption": default},
        "versioning": versioning.get("Status"),
        "mfa_delete": versioning.get("MFADelete") == "Enabled",
        "encryption": default.get("SSEAlgorithm"),
        "kms_key": default.get("KMSMasterKeyID"),
        **blocks,
        "acls_enabled": grants is not None,
        "acl_public_read": _opened(grants, _READS),
        "acl_public_write": _opened(grants, _WRITES),
        "policy_public_read": allows_public(policy, _READ_ACTIONS),
        "policy_public_write": allows_public(policy, _WRITE_ACTIONS),
        "policy_demands_tls": denies_insecure_transport(policy),
    }


def _policy(ask: Ask, name: str) -> Mapping[str, Any] | None:
    found = or_none(ask, _NO_POLICY, "s3", "GetBucketPolicy", Bucket=name)
    parsed: Mapping[str, Any] | None = json.loads(found["Policy"]) if found else None
    return parsed


def _blocks(ask: Ask, name: str) -> dict[str, bool]:
    own = or_none(ask, _NO_BLOCK, "s3", "GetPublicAccessBlock", Bucket=name) or {}
    of_account = or_none(ask, _NO_BLOCK, "s3control", "GetPublicAccessBlock", AccountId=ask.account)
    here = own.get("PublicAccessBlockConfiguration") or {}
    there = (of_account or {}).get("PublicAccessBlockConfiguration") or {}
    names = {
        "BlockPublicAcls": "block_public_acls",
        "IgnorePublicAcls": "ignore_public_acls",
        "BlockPublicPolicy": "block_public_policy",
        "RestrictPublicBuckets": "restrict_public_buckets",
    }
    return {
        **{column: bool(here.get(key)) for key, column in names.items()},
        "ignores_public_acls": bool(here.get("IgnorePublicAcls") or there.get("IgnorePublicAcls")),
        "restricts_public_policy": bool(
            here.get("RestrictPublicBuckets") or there.get("RestrictPublicBuckets")
        ),
    }


def _grants(ask: Ask, name: str) -> list[tuple[str, str]] | None:
    """Return the ACL's grants as grantee and permission, None where ACLs are turned off."""
    found = or_none(ask, _NO_OWNERSHIP, "s3", "GetBucketOwnershipControls", Bucket=name) or {}
    rules = (found.get("OwnershipControls") or {}).get("Rules") or ()
    if any(rule.get("ObjectOwnership") == "BucketOwnerEnforced" for rule in rules):
        return None
    granted = ask("s3", "GetBucketAcl", Bucket=name).get("Grants") or ()
    return [
        (grant["Grantee"].get("URI") or grant["Grantee"].get("ID", ""), grant["Permission"])
        for grant in granted
    ]


def _opened(grants: list[tuple[str, str]] | None, permissions: tuple[str, ...]) -> bool:
    return any(who in _EVERYBODY and what in permissions for who, what in grants or ())


def _encryption(ask: Ask, name: str) -> Mapping[str, Any]:
    found = or_none(ask, _NO_ENCRYPTION, "s3", "GetBucketEncryption", Bucket=name) or {}
    rules = (found.get("ServerSideEncryptionConfiguration") or {}).get("Rules") or ()
    by_default = (rule.get("ApplyServerSideEncryptionByDefault") for rule in rules)
    return next((rule for rule in by_default if rule), {})


TABLE = Table(
    name="s3_buckets",
    resource_type="AWS::S3::Bucket",
    services=("s3", "s3control"),
    columns=(
        Column("versioning", "text", "`Enabled`, `Suspended`, or null where never switched on"),
        Column("mfa_delete", "boolean", "whether deleting versions takes MFA"),
        Column("encryption", "text", "the algorithm of its default encryption"),
        Column("kms_key", "text", "the KMS key of its default encryption"),
        Column("block_public_acls", "boolean", "its own block: no new public ACL"),
        Column("ignore_public_acls", "boolean", "its own block: public ACLs do not count"),
        Column("block_public_policy", "boolean", "its own block: no new public policy"),
        Column("restrict_public_buckets", "boolean", "its own block: a public policy is for AWS"),
        Column("ignores_public_acls", "boolean", "by its own block or its account's"),
        Column("restricts_public_policy", "boolean", "by its own block or its account's"),
        Column("acls_enabled", "boolean", "whether ACLs count at all"),
        Column("acl_public_read", "boolean", "its ACL lets everybody read"),
        Column("acl_public_write", "boolean", "its ACL lets everybody write"),
        Column("policy_public_read", "boolean", "its policy lets everybody read"),
        Column("policy_public_write", "boolean", "its policy lets everybody write"),
        Column("policy_demands_tls", "boolean", "its policy denies what comes without TLS"),
    ),
    collect=_collect,
    one=_one,
    reads=(
        "s3:GetAccountPublicAccessBlock",
        "s3:GetBucketAcl",
        "s3:GetBucketLocation",
        "s3:GetBucketOwnershipControls",
        "s3:GetBucketPolicy",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketTagging",
        "s3:GetBucketVersioning",
        "s3:GetEncryptionConfiguration",
        "s3:ListAllMyBuckets",
    ),
)

"""Guardrails of buckets: never public, always encrypted and versioned, reached over TLS only.

The preventive half keeps the switches in the platform's hands; the Config rules find what was
switched all the same (by break-glass, or from before).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.guardrails.actions import carrying, patterns, writes_on
from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    PLATFORM,
    ROOT,
    DetectiveRule,
    Facts,
    Guardrail,
    Statement,
    deny,
    role,
    vending_role,
)

_MAKERS = (role(PLATFORM), role(BREAK_GLASS), vending_role())
_BUCKET = ("AWS::S3::Bucket",)
_EVERYBODY = ("public-read", "public-read-write", "authenticated-read")
_GROUPS = "*acs.amazonaws.com/groups/global/*"
# A key that comes with the request and is kept nowhere: what it encrypts, only its owner reads.
_OWN_KEY = "s3:x-amz-server-side-encryption-customer-algorithm"
_HELD_ELSEWHERE = frozenset(
    {"PutBucketPublicAccessBlock", "PutBucketVersioning", "PutEncryptionConfiguration"}
)
_GRANTS = ("read", "write", "read-acp", "write-acp", "full-control")


def _public(_facts: Facts) -> tuple[Statement, ...]:
    blocks = (
        "s3:PutAccessPointPublicAccessBlock",
        "s3:PutAccountPublicAccessBlock",
        "s3:PutBucketPublicAccessBlock",
    )
    canned = patterns("s3", carrying("s3", "s3:x-amz-acl"))
    grants = (
        deny(
            patterns("s3", carrying("s3", f"s3:x-amz-grant-{grant}")),
            when={"StringLike": {f"s3:x-amz-grant-{grant}": _GROUPS}},
        )
        for grant in _GRANTS
    )
    return (
        deny(blocks, unless=_MAKERS),
        deny(canned, when={"StringEquals": {"s3:x-amz-acl": list(_EVERYBODY)}}),
        *grants,
    )


def _encrypted(facts: Facts) -> tuple[Statement, ...]:
    header = "s3:x-amz-server-side-encryption"
    other: Mapping[str, Mapping[str, Any]] = {
        "Null": {header: "false"},
        "StringNotEquals": {header: ["aws:kms", "aws:kms:dsse"]},
    }
    return (
        deny("s3:PutEncryptionConfiguration", unless=_MAKERS),
        deny("s3:PutObject", f"{facts.buckets()}/*", when=other),
        deny("s3:PutObject", f"{facts.buckets()}/*", when={"Null": {_OWN_KEY: "false"}}),
    )


def _versioned(facts: Facts) -> tuple[Statement, ...]:
    return (deny("s3:PutBucketVersioning", facts.buckets(), unless=_MAKERS),)


def _settings(facts: Facts) -> tuple[Statement, ...]:
    actions = (name for name in writes_on("s3", "bucket") if name not in _HELD_ELSEWHERE)
    return (deny(patterns("s3", tuple(actions)), facts.buckets(), unless=_MAKERS),)


def _tls(_facts: Facts) -> tuple[Statement, ...]:
    return (deny("s3:*", when={"Bool": {"aws:SecureTransport": "false"}}),)


PUBLIC = Guardrail(
    name="deny-public-buckets",
    summary="no bucket or object is opened to everybody",
    remedy="share with roles by name: `share` of a data set in the file",
    scopes=(ROOT,),
    preventive=_public,
    detective=(
        DetectiveRule(
            "s3-bucket-public-read-prohibited", "S3_BUCKET_PUBLIC_READ_PROHIBITED", _BUCKET
        ),
        DetectiveRule(
            "s3-bucket-public-write-prohibited", "S3_BUCKET_PUBLIC_WRITE_PROHIBITED", _BUCKET
        ),
    ),
)
ENCRYPTED = Guardrail(
    name="require-bucket-encryption",
    summary="buckets stay encrypted, and the platform's with its own keys",
    remedy="leave out the encryption header: the bucket's own key is used",
    scopes=(ROOT,),
    preventive=_encrypted,
    detective=(
        DetectiveRule(
            "s3-default-encryption-kms",
            "S3_DEFAULT_ENCRYPTION_KMS",
            _BUCKET,
        ),
    ),
)
VERSIONED = Guardrail(
    name="require-bucket-versioning",
    summary="the platform's buckets keep every version",
    remedy="delete objects; their versions stay for a while",
    scopes=(ROOT,),
    preventive=_versioned,
    detective=(
        DetectiveRule("s3-bucket-versioning-enabled", "S3_BUCKET_VERSIONING_ENABLED", _BUCKET),
    ),
)
SETTINGS = Guardrail(
    name="protect-buckets",
    summary="only the platform makes and changes its buckets: who reaches them, what expires",
    remedy="change the file and apply it; name your own buckets otherwise than PLATFORM-...",
    scopes=(ROOT,),
    preventive=_settings,
)
TLS = Guardrail(
    name="require-tls",
    summary="buckets are reached over TLS only",
    remedy="use https",
    scopes=(ROOT,),
    preventive=_tls,
)

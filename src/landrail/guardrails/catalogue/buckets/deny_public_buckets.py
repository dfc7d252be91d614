"""Guardrail: no bucket or object is opened to everybody."""

from __future__ import annotations

from landrail.guardrails.actions import carrying, patterns
from landrail.guardrails.guardrail import (
    MAKERS,
    Detective,
    Facts,
    Guardrail,
    Statement,
    deny,
)

_BUCKET = ("AWS::S3::Bucket",)

_EVERYBODY = ("public-read", "public-read-write", "authenticated-read")

_GROUPS = "*acs.amazonaws.com/groups/global/*"

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
        deny(blocks, unless=MAKERS),
        deny(canned, when={"StringEquals": {"s3:x-amz-acl": list(_EVERYBODY)}}),
        *grants,
    )


GUARDRAIL = Guardrail(
    id="deny-public-buckets",
    title="no bucket or object is opened to everybody",
    why="one public bucket of training data is a breach",
    severity="critical",
    remedy="share with roles by name: `share` of a data set in the file",
    service_control=_public,
    detective=(
        Detective("s3-bucket-public-read-prohibited"),
        Detective("s3-bucket-public-write-prohibited"),
    ),
)

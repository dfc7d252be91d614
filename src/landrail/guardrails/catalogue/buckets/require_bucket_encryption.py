"""Guardrail: buckets stay encrypted, and the platform's with its own keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.guardrails.guardrail import (
    MAKERS,
    Detective,
    Facts,
    Guardrail,
    Statement,
    deny,
)

_BUCKET = ("AWS::S3::Bucket",)

# A key that comes with the request and is kept nowhere: what it encrypts, only its owner reads.
_OWN_KEY = "s3:x-amz-server-side-encryption-customer-algorithm"


def _encrypted(facts: Facts) -> tuple[Statement, ...]:
    header = "s3:x-amz-server-side-encryption"
    other: Mapping[str, Mapping[str, Any]] = {
        "Null": {header: "false"},
        "StringNotEquals": {header: ["aws:kms", "aws:kms:dsse"]},
    }
    return (
        deny("s3:PutEncryptionConfiguration", unless=MAKERS),
        deny("s3:PutObject", f"{facts.buckets()}/*", when=other),
        deny("s3:PutObject", f"{facts.buckets()}/*", when={"Null": {_OWN_KEY: "false"}}),
    )


GUARDRAIL = Guardrail(
    id="require-bucket-encryption",
    title="buckets stay encrypted, and the platform's with its own keys",
    why="data under a key of AWS's own can be read by whoever may read the bucket",
    severity="high",
    remedy="leave out the encryption header: the bucket's own key is used",
    service_control=_encrypted,
    detective=(Detective("s3-default-encryption-kms"),),
)

"""Guardrail: buckets stay encrypted, and the platform's with its own keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Facts, Frameworks, Guardrail
from landrail.guardrails.perimeter import BY_HAND
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.statements import Statement, deny


def _statements(facts: Facts) -> tuple[Statement, ...]:
    header = "s3:x-amz-server-side-encryption"
    other: Mapping[str, Mapping[str, Any]] = {
        "Null": {header: "false"},
        "StringNotEquals": {header: ["aws:kms", "aws:kms:dsse"]},
    }
    action = "s3:PutEncryptionConfiguration"
    return (
        # A template says what it makes, and is looked at; a call of its own is not.
        deny(action, unless=BREAK_GLASS_AND_PLATFORM, when=BY_HAND),
        deny("s3:PutObject", f"{facts.buckets()}/*", when=other),
    )


GUARDRAIL = Guardrail(
    id="require-bucket-encryption",
    title="buckets stay encrypted, and the platform's with its own keys",
    why="data under a key of AWS's own can be read by whoever may read the bucket",
    severity="high",
    remedy=(
        "leave out the encryption header: the bucket's own key is used; set the key of a bucket of "
        "your own in its stack"
    ),
    frameworks=Frameworks(
        security_hub=("S3.17",),
        conformance_packs=("datalake-analytics", "s3", "sagemaker-governance", "self-hosted-ai-ml"),
    ),
    service_control=_statements,
    proactive=(
        templates.is_one_of(
            "AWS::S3::Bucket",
            "BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault.SSEAlgorithm",
            "aws:kms",
            "aws:kms:dsse",
        ),
        templates.given("AWS::S3::Bucket", "BucketEncryption.ServerSideEncryptionConfiguration"),
    ),
    detective=(
        Detective("s3-default-encryption-kms"),
        Detective("s3-bucket-server-side-encryption-enabled"),
        Detective("s3-bucket-key-inside"),
    ),
)

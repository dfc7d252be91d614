"""S3_DEFAULT_ENCRYPTION_KMS: default encryption with a KMS key.

AWS encrypts every object with keys of its own (SSE-S3) since 2023, so a rule that only asks for
some default encryption can never fail there; this one asks for a key that somebody controls.
"""

from __future__ import annotations

from collections.abc import Mapping

from landrail.localaws.services.config.facts import Bucket

_KEY_ALGORITHMS = ("aws:kms", "aws:kms:dsse")


def finding(bucket: Bucket, parameters: Mapping[str, str]) -> str | None:
    """Return what is missing where the default encryption is not by KMS, or not by one of the keys
    in the parameter `kmsKeyArns`."""
    wanted = [key.strip() for key in parameters.get("kmsKeyArns", "").split(",") if key.strip()]
    for rule in bucket.encryption:
        default = rule.get("ApplyServerSideEncryptionByDefault") or {}
        if default.get("SSEAlgorithm") not in _KEY_ALGORITHMS:
            continue
        if not wanted or default.get("KMSMasterKeyID") in wanted:
            return None
    return "The S3 bucket is not encrypted by default with a KMS key."

"""S3_BUCKET_VERSIONING_ENABLED: versioning on, with MFA delete where the rule asks for it."""

from __future__ import annotations

from collections.abc import Mapping

from landrail.localaws.services.config.facts import Bucket


def finding(bucket: Bucket, parameters: Mapping[str, str]) -> str | None:
    """Return what is missing."""
    if bucket.versioning.get("Status") != "Enabled":
        return "Versioning is not enabled for the S3 bucket."
    if parameters.get("isMfaDeleteEnabled", "").lower() != "true":
        return None
    if bucket.versioning.get("MFADelete") == "Enabled":
        return None
    return "MFA delete is not enabled for the S3 bucket."

"""S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED: default encryption, or a policy that demands it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.services.config.facts import Bucket

_HEADER = "s3:x-amz-server-side-encryption"


def finding(bucket: Bucket, parameters: Mapping[str, str]) -> str | None:
    """Return what is missing where objects may be stored unencrypted."""
    del parameters
    if any(rule.get("ApplyServerSideEncryptionByDefault") for rule in bucket.encryption):
        return None
    statements = (bucket.policy or {}).get("Statement") or []
    for statement in statements if isinstance(statements, list) else [statements]:
        if _demands(statement):
            return None
    return "The S3 bucket has no default encryption, and its policy does not demand it."


def _demands(statement: Mapping[str, Any]) -> bool:
    """Whether a statement denies everybody to put an object without the encryption header."""
    actions = statement.get("Action") or []
    listed = {str(a).lower() for a in (actions if isinstance(actions, list) else [actions])}
    everybody = statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
    if statement.get("Effect") != "Deny" or not everybody or not listed & {"s3:putobject", "s3:*"}:
        return False
    condition = {
        operator: {str(key).lower(): value for key, value in tests.items()}
        for operator, tests in (statement.get("Condition") or {}).items()
    }
    return condition.get("Null", {}).get(_HEADER) in ("true", ["true"], True) or _HEADER in (
        condition.get("StringNotEquals") or {}
    )

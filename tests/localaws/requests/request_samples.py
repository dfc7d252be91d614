"""Sample parameters for any operation, from botocore's models, and a lookup that knows little."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import botocore.session

from landrail.policy.reference.actions import find_action

ACCOUNT = "111122223333"
REGION = "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/landrail/job"
_FIXED = {"Partition": "aws", "Region": REGION, "Account": ACCOUNT}
_DEEPEST = 4
SESSION = botocore.session.get_session()


class Lookup:
    """A store with one bucket under a key of its own, one tagged object, one instance profile."""

    def bucket_account(self, bucket: str) -> str | None:
        return "444455556666" if bucket == "theirs" else ACCOUNT

    def bucket_key(self, bucket: str) -> str | None:
        return KEY if bucket == "locked" else None

    def object_key(self, bucket: str, key: str, version: str | None) -> str | None:
        return KEY if bucket == "locked" else None

    def object_tags(self, bucket: str, key: str, version: str | None) -> Mapping[str, str]:
        return {"team": "churn"} if key == "tagged" else {}

    def key_arn(self, account: str, region: str, key: str) -> str | None:
        return KEY if "alias/" in key or key in KEY else None

    def key_aliases(self, account: str, region: str, key_id: str) -> tuple[str, ...]:
        return ("alias/lake",)

    def iam_arn(self, account: str, kind: str, name: str) -> str | None:
        return f"arn:aws:iam::{account}:{kind}/landrail/{name}" if kind == "role" else None

    def profile_roles(self, account: str, name: str) -> tuple[str, ...]:
        return (ROLE,)

    def organization_id(self) -> str | None:
        return "o-a"

    def management_account(self) -> str | None:
        return "999988887777"

    def organization_policy_type(self, policy_id: str) -> str | None:
        return "service_control_policy"


def sample(service: str, operation: str, prefix: str) -> dict[str, Any]:
    """Parameters with every member filled; ARNs are of the action's first resource type."""
    shape = SESSION.get_service_model(service).operation_model(operation).input_shape
    return {} if shape is None else _fill(shape, "x", _arn(prefix, operation), 0)


def _arn(prefix: str, operation: str) -> str:
    action = find_action(prefix, operation.removesuffix("Batch"))
    kinds = sorted(action.resources, key=lambda r: not r.required) if action else []
    if prefix == "tag":  # it tags what other services have
        return KEY
    if not kinds:
        return "arn:aws:x:::y"
    return re.sub(
        r"\$\{([^}]+)\}", lambda m: _FIXED.get(m.group(1), f"{m.group(1)}-1"), kinds[0].arn
    )


def _fill(shape: Any, name: str, arn: str, depth: int) -> Any:
    kind = shape.type_name
    if kind == "structure":
        if depth >= _DEEPEST:
            return {}
        return {k: _fill(v, k, arn, depth + 1) for k, v in shape.members.items()}
    if kind == "list":
        return [_fill(shape.member, name.removesuffix("s"), arn, depth + 1)]
    if kind == "map":
        return {"k": _fill(shape.value, name, arn, depth + 1)}
    if kind == "string":
        return _text(shape, name, arn)
    return {"integer": 1, "long": 1, "boolean": True}.get(kind, "x")


def _text(shape: Any, name: str, arn: str) -> str:
    lowered = name.lower()
    if shape.enum:
        return str(shape.enum[0])
    if lowered == "copysource":
        return "source/key"
    if lowered == "queueurl":
        return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/q"
    if "role" in lowered and "name" not in lowered:
        return ROLE
    if lowered == "resource":
        return "vpc-0a1b"
    return arn if lowered.endswith(("arn", "arnlist")) else f"{name}-1"

"""Sample parameters for any operation, from botocore's models, and a lookup that knows little."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

import botocore.session

from landrail.localaws.store import AccessPoint
from landrail.policy.reference.actions import find_action

ACCOUNT = "111122223333"
REGION = "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/landrail/job"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:q"
HANDLE = base64.b64encode(json.dumps({"taskId": "1", "sourceArn": QUEUE}).encode()).decode()
_FIXED = {"Partition": "aws", "Region": REGION, "Account": ACCOUNT}
_DEEPEST = 6
# Names that have a form of their own.
_SHAPED = {
    "path": "/p/",
    "aliasname": "alias/a",
    "policyid": "p-1",
    "targetid": "ou-1",
    "accountid": ACCOUNT,
    "organizationalunitid": "ou-1",
    "rootid": "r-1",
    "transferid": "rt-1",
    "handshakeid": "h-1",
    "parentid": "ou-1",
    "childid": "ou-2",
    "sourceparentid": "r-1",
    "destinationparentid": "ou-1",
    "deletiontaskid": "task/aws-service-role/x.amazonaws.com/AWSServiceRoleForX/1",
    "keyname": "k",
}
SESSION = botocore.session.get_session()


class Lookup:
    """A store with one bucket under a key of its own, one tagged object, one instance profile, and
    access points on `points`: `p`, and those that a test asks for by name."""

    def bucket_account(self, bucket: str) -> str | None:
        return "444455556666" if bucket == "theirs" else ACCOUNT

    def access_point(self, account: str, region: str, name: str) -> AccessPoint | None:
        if name.startswith("no-"):
            return None
        return AccessPoint(
            account, region, name, f"{name}-abc-s3alias", "points", ACCOUNT, None, (), 0.0
        )

    def access_point_alias(self, alias: str) -> AccessPoint | None:
        return self.access_point(ACCOUNT, REGION, alias.partition("-abc-")[0])

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

    def iam_boundary(self, account: str, kind: str, name: str) -> str | None:
        return f"arn:aws:iam::{account}:policy/limits" if name == "limited" else None

    def key_facts(self, key: str) -> Mapping[str, str]:
        facts = {"KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT"}
        return {**facts, "KeyOrigin": "AWS_KMS", "MultiRegion": "false"} if key == KEY else {}

    def vpc_of(self, account: str, region: str, resource: str) -> str | None:
        return "vpc-1" if resource.startswith("subnet/") else None

    def access_key_user(self, access_key_id: str) -> str | None:
        return f"arn:aws:iam::{ACCOUNT}:user/ana" if access_key_id else None

    def secret_arn(self, account: str, region: str, name: str) -> str | None:
        base = f"arn:aws:secretsmanager:{region}:{account}:secret"
        return None if name == "gone" else f"{base}:{name.rpartition(':')[2]}-AbCdEf"

    def resource_key(self, arn: str) -> str | None:
        return KEY if "locked" in arn else None

    def associated(self, account: str, region: str, identifier: str) -> tuple[str, ...]:
        return ("instance/i-1", "network-interface/eni-1", "subnet/subnet-1")

    def profile_roles(self, account: str, name: str) -> tuple[str, ...]:
        return (ROLE,)

    def organization_id(self) -> str | None:
        return "o-a"

    def management_account(self) -> str | None:
        return "999988887777"

    def organization_policy_type(self, policy_id: str) -> str | None:
        return "service_control_policy"


_OF_SERVICE = {"organizations": {"resourceid": ACCOUNT, "id": "rt-1"}}


def sample(service: str, operation: str, prefix: str) -> dict[str, Any]:
    """Parameters with every member filled; ARNs are of the action's first resource type."""
    shape = SESSION.get_service_model(service).operation_model(operation).input_shape
    found = {} if shape is None else _fill(shape, "x", _arn(prefix, operation), 0)
    own = _OF_SERVICE.get(service, {})
    return {name: own.get(name.lower(), value) for name, value in found.items()}


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
    if lowered in _SHAPED:
        return _SHAPED[lowered]
    if lowered == "taskhandle":
        return HANDLE
    return arn if lowered.endswith(("arn", "arnlist")) else f"{name}-1"

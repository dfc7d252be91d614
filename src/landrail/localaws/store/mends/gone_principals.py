"""What becomes of a deleted role or user in policies that name it as a principal: its unique id.

AWS keeps principals by their ids and shows ARNs as long as those stand; moto keeps the text. Here
the ARN is replaced when its owner is deleted, so that one made anew under the old name is not let
in by a policy that meant the old one.
Source: IAM User Guide, "AWS JSON policy elements: Principal".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from moto.iam.models import IAMBackend

from landrail.localaws.store.peek import accounts, backends_of

_DELETE_ROLE, _DELETE_USER = IAMBackend.delete_role, IAMBackend.delete_user
# moto's package, where its backends keep what has a policy, and the policy's attribute
_HOLDERS = (
    ("iam", "roles", "assume_role_policy_document"),
    ("s3", "buckets", "policy"),
    ("kms", "keys", "policy"),
    ("sqs", "queues", "policy"),
    ("sns", "topics", "policy"),
    ("secretsmanager", "secrets", "policy"),
)


def _delete_role(backend: IAMBackend, role_name: str) -> None:
    role = backend.get_role(role_name)
    _DELETE_ROLE(backend, role_name)
    _forget(role.arn, role.id)


def _delete_user(backend: IAMBackend, user_name: str) -> None:
    user = backend.get_user(user_name)
    _DELETE_USER(backend, user_name)
    _forget(user.arn, user.id)


def _forget(arn: str, unique_id: str) -> None:
    for holder, attribute in _holders():
        kept = getattr(holder, attribute, None)
        text = kept.decode() if isinstance(kept, bytes) else kept
        if not isinstance(text, str) or f'"{arn}"' not in text:
            continue
        changed = json.dumps(_without(json.loads(text), arn, unique_id))
        setattr(holder, attribute, changed.encode() if isinstance(kept, bytes) else changed)


def _holders() -> Iterator[tuple[Any, str]]:
    for package, things, attribute in _HOLDERS:
        for account in accounts(package):
            for backend in backends_of(package, account):
                for holder in list(getattr(backend, things).values()):
                    yield holder, attribute


def _without(document: Any, arn: str, unique_id: str) -> Any:
    statements = document.get("Statement", [])
    for statement in statements if isinstance(statements, list) else [statements]:
        for element in ("Principal", "NotPrincipal"):
            named = statement.get(element)
            if isinstance(named, dict) and "AWS" in named:
                named["AWS"] = _replaced(named["AWS"], arn, unique_id)
    return document


def _replaced(value: Any, arn: str, unique_id: str) -> Any:
    if isinstance(value, list):
        return [unique_id if item == arn else item for item in value]
    return unique_id if value == arn else value


# class, attribute, what it becomes
TOUCHED: tuple[tuple[Any, str, Any], ...] = (
    (IAMBackend, "delete_role", _delete_role),
    (IAMBackend, "delete_user", _delete_user),
)

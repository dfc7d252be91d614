"""What resource policies say, judged once when a row is read: is it public, does it demand TLS."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from landrail.policy import parse_document
from landrail.policy.document import Document
from landrail.policy.public import public_statements


def allows_public(policy: Mapping[str, Any] | None, actions: Iterable[str]) -> bool:
    """Whether a policy publicly allows one of some actions, in S3's meaning of public."""
    if policy is None:
        return False
    document = _parsed(policy)
    wanted = [action.lower() for action in actions]
    return any(
        any(fnmatchcase(action, pattern.lower()) for pattern in statement.actions)
        if not statement.not_action
        else not all(any(fnmatchcase(a, p.lower()) for p in statement.actions) for a in wanted)
        for statement in public_statements(document)
        for action in wanted
    )


def denies_insecure_transport(policy: Mapping[str, Any] | None) -> bool:
    """Whether a policy denies everybody every action that does not come over TLS."""
    if policy is None:
        return False
    listed: Any = policy.get("Statement") or []
    statements = listed if isinstance(listed, list) else [listed]
    return any(_denies_plain(statement) for statement in statements)


def _denies_plain(statement: Mapping[str, Any]) -> bool:
    condition = statement.get("Condition") or {}
    tests = {key.lower(): value for key, value in (condition.get("Bool") or {}).items()}
    everybody = statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
    return (
        statement.get("Effect") == "Deny"
        and everybody
        and statement.get("Action") in ("*", "s3:*", ["*"], ["s3:*"])
        and list(condition) == ["Bool"]
        and {key: str(value).strip("[]'\"").lower() for key, value in tests.items()}
        == {"aws:securetransport": "false"}
    )


def _parsed(policy: Mapping[str, Any]) -> Document:
    return parse_document(json.dumps(policy), kind="resource")

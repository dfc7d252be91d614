"""An inventory without what chance and the clock decide: two platforms made of one file are alike
when these are the same."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

_CHANCE: tuple[tuple[str, str], ...] = (
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID"),
    (r'"PolicyId": "A[A-Z0-9]{20}"', '"PolicyId": "ID"'),
    (r"\b(A[A-Z]{3})[A-Z0-9]{16,17}\b", r"\1"),
    (r"\b(o|r|p|ou|h)-[a-z0-9]{4,32}(-[a-z0-9]{8})?\b", r"\1-ID"),
    (r"\b((?:[a-z]+-)+)(?:[0-9a-f]{17}|[0-9a-f]{8})\b", r"\1ID"),
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)?", "TIME"),
    (r"\b(sha256:)?[0-9a-f]{62,64}\b", "DIGEST"),
    (r"config-rule-[a-z0-9]{6}\b", "config-rule-ID"),
    (r'"(UserId|ResourceId|resourceId)": "[a-z0-9]{20}"', r'"\1": "ID"'),
    (r"arn:aws:(organizations|iam)::aws:", r"arn:\1:AWS:"),
    (r"http://127\.0\.0\.1:\d+", "ENDPOINT"),
)
# How often and when something was done, not what stands; what is the same for every account is left
_ABSENT = ("UnsupportedOperation", "NotImplemented")
_HOW = {"ChangeSetId", "LastUpdatedTime", "DriftInformation"}
_LEFT = (
    "Events",
    "History",
    "ChangeSet",
    "Handshake",
    "AccessKey",
    "CreateAccountStatus",
    "Status",
)


def alike(inventory: Mapping[str, Any], names: Mapping[str, str]) -> Counter[str]:
    """Return every entry as a line, as often as it is there; `names` are accounts by their id."""
    return Counter(
        _scrubbed(f"{key} {json.dumps(_sorted(value, names), sort_keys=True)}", names)
        for key, value in inventory.items()
        if not any(word in key for word in _LEFT) and not _absent(value)
    )


def _absent(value: Any) -> bool:
    """Whether the local AWS does not have this call; such are asked once only."""
    return isinstance(value, dict) and value.get("error") in _ABSENT


def _scrubbed(text: str, names: Mapping[str, str]) -> str:
    for number, name in names.items():
        text = text.replace(number, f"<{name}>")
    for pattern, to in _CHANCE:
        text = re.sub(pattern, to, text)
    return text


def _sorted(value: Any, names: Mapping[str, str]) -> Any:
    """Lists in an order of their own: theirs may be that of their ids."""
    if isinstance(value, dict):
        return {key: _sorted(item, names) for key, item in value.items() if key not in _HOW}
    if isinstance(value, list):
        items = [_sorted(item, names) for item in value]
        return sorted(items, key=lambda x: _scrubbed(json.dumps(x, sort_keys=True), names))
    return value

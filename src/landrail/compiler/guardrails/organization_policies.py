"""Organization policies of other types than SCPs and RCPs: what several guardrails want of a type
on one target, in one document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.diagnostics import Diagnostic

CHARACTERS = 10_000
"""AWS's quota for a policy of these types, but for those in `SMALLER`."""
SMALLER: Mapping[str, int] = {"AISERVICES_OPT_OUT_POLICY": 2_500}
WORDS: Mapping[str, str] = {
    "AISERVICES_OPT_OUT_POLICY": "ai",
    "DECLARATIVE_POLICY_EC2": "ec2",
    "S3_POLICY": "s3",
}
"""What the policies of a type are called by."""


class Conflict(Exception):
    """Two guardrails want different values of one attribute."""

    def __init__(self, attribute: str) -> None:
        super().__init__(attribute)
        self.attribute = attribute


def merge(first: Mapping[str, Any], second: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """Return what both say; raises Conflict where they differ about an attribute."""
    result = dict(first)
    for key, value in second.items():
        here = f"{path}.{key}" if path else key
        if key not in result or result[key] == value:
            result[key] = value
        elif isinstance(result[key], Mapping) and isinstance(value, Mapping):
            result[key] = merge(result[key], value, here)
        else:
            raise Conflict(here)
    return result


def attributes(content: Mapping[str, Any], path: str = "") -> tuple[str, ...]:
    """Return the attributes that a document sets: `s3_attributes.public_access_block_...`."""
    found: list[str] = []
    for key, value in content.items():
        if key.startswith("@@") or not isinstance(value, Mapping):
            found.append(path)
        else:
            found.extend(attributes(value, f"{path}.{key}" if path else key))
    return tuple(dict.fromkeys(found))


def conflict(first: str, second: str, target: str, error: Conflict) -> Diagnostic:
    """Return the mistake of two guardrails that cannot stand on one target."""
    return Diagnostic(
        f"`{first}` and `{second}` want different values of {error.attribute} on `{target}`",
        "turn one of them off there",
    )

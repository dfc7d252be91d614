"""Parameters and results as the trail may show them: no secrets, no bodies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MASK = "***"
_SECRET_NAMES = (
    "secret",
    "password",
    "sessiontoken",
    "webidentitytoken",
    "samlassertion",
    "privatekey",
    "plaintext",
    "authorizationtoken",
    "tokencode",
)
_LONGEST = 2000


def masked(value: Any, shape: Any = None, name: str = "") -> Any:
    """Return the value with secrets and bodies replaced; `shape` is its botocore shape."""
    if shape is not None and shape.metadata.get("sensitive"):
        return _MASK
    if isinstance(value, Mapping):
        members = getattr(shape, "members", {}) if shape is not None else {}
        return {
            str(key): _MASK
            if _secret(str(key)) and not isinstance(item, bool)
            else masked(item, members.get(key), str(key))
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        member = getattr(shape, "member", None)
        return [masked(item, member, name) for item in value]
    if isinstance(value, bytes | bytearray):
        return f"<{len(value)} bytes>"
    if hasattr(value, "read"):
        return "<stream>"
    if isinstance(value, str) and len(value) > _LONGEST:
        return f"{value[:_LONGEST]}... <{len(value)} characters>"
    return value


def _secret(name: str) -> bool:
    lowered = name.lower()
    return any(lowered.startswith(word) or lowered.endswith(word) for word in _SECRET_NAMES)

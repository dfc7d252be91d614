"""Making the calls of a violation: the names filled in, what is kept, and who calls."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import jmespath

from .violation import Call, Calls, Text
from .violations_platform import Airline, Refusal

_NAME = re.compile(r"\$([a-z]+)")
Known = dict[str, Any]


class Unexpected(AssertionError):
    """A call that should succeed was refused."""


def perform(platform: Airline, calls: Calls, role: str, account: str, known: Known) -> None:
    """Make calls that all succeed; what they keep is added to `known`."""
    for call in calls:
        answer = attempt(platform, call, role, account, known)
        if isinstance(answer, Refusal):
            who = call.who or role
            raise Unexpected(f"{who}@{account} {call.service}:{call.operation}: {answer}")
        for name, path in call.keep.items():
            known[name] = jmespath.search(filled(path, known), answer)
            assert known[name] is not None, (call, path, answer)


def attempt(
    platform: Airline, call: Call, role: str, account: str, known: Known
) -> dict[str, Any] | Refusal:
    """Make one call, which may be refused."""
    role = call.who or role
    who = role if role == "nobody" or "@" in role else f"{role}@{account}"
    return platform.call(who, call.service, call.operation, filled(call.given, known))


def filled(value: Any, known: Mapping[str, Any]) -> Any:
    """The value with what is known for its names."""
    if isinstance(value, Mapping):
        return {filled(key, known): filled(item, known) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, known) for item in value]
    if isinstance(value, Text):
        return json.dumps(filled(value.value(), known))
    if not isinstance(value, str):
        return value
    whole = _NAME.fullmatch(value)
    return known[whole[1]] if whole else _NAME.sub(lambda match: str(known[match[1]]), value)

"""What STS accepts: names, durations, tags, session policies; in AWS's words where it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from landrail.localaws.api import ApiError

_NAME = re.compile(r"[\w+=,.@-]{2,64}")
_ROLE = re.compile(r"arn:aws:iam::(\d{12}):role/([\w+=,.@/-]+)")
_HOUR = 3600
_SHORTEST = 900
_MAX_TAGS = 50
_MAX_POLICY = 2048
_MAX_POLICY_ARNS = 10


def role_of(arn: str) -> tuple[str, str]:
    """Return the account and the name (without path) of a role's ARN."""
    match = _ROLE.fullmatch(arn)
    if match is None:
        raise ApiError("ValidationError", f"{arn} is invalid", 400)
    return match[1], match[2].rpartition("/")[2]


def check_name(name: str, member: str, least: int = 2) -> str:
    """Return a session name (or source identity) that STS accepts."""
    if not _NAME.fullmatch(name) or len(name) < least:
        raise ApiError(
            "ValidationError",
            f"1 validation error detected: Value '{name}' at '{member}' failed to satisfy "
            "constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]{2,64}",
        )
    return name


def role_duration(asked: int | None, maximum: int, *, chained: bool) -> int:
    """Return how long a role session lives: by default an hour, at most what the role allows, and
    an hour for a role entered from a role."""
    seconds = _HOUR if asked is None else asked
    if seconds < _SHORTEST:
        raise _out_of_range(seconds, "greater than or equal to 900")
    if chained and seconds > _HOUR:
        raise ApiError(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by "
            "role chaining",
        )
    if seconds > maximum:
        raise ApiError(
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        )
    return seconds


def user_duration(asked: int | None, default: int, maximum: int) -> int:
    """Return how long a user's own session lives."""
    seconds = default if asked is None else asked
    if seconds < _SHORTEST:
        raise _out_of_range(seconds, "greater than or equal to 900")
    if seconds > maximum:
        raise _out_of_range(seconds, f"less than or equal to {maximum}")
    return seconds


def _out_of_range(seconds: int, bound: str) -> ApiError:
    return ApiError(
        "ValidationError",
        f"1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy "
        f"constraint: Member must have value {bound}",
    )


def session_tags(tags: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return session tags by key; keys differ by more than case."""
    if len(tags) > _MAX_TAGS:
        raise ApiError("ValidationError", f"At most {_MAX_TAGS} session tags may be passed.")
    found: dict[str, str] = {}
    for tag in tags:
        key, value = tag["Key"], tag.get("Value", "")
        if not 1 <= len(key) <= 128 or len(value) > 256 or key.lower().startswith("aws:"):
            raise ApiError("ValidationError", f"The session tag `{key}` is invalid.")
        if key.lower() in {known.lower() for known in found}:
            raise ApiError(
                "InvalidParameterValue",
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
            )
        found[key] = value
    return found


def inline_policy(params: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the session policy that was passed, as a tuple of one or none."""
    text = params.get("Policy")
    if text is None:
        return ()
    if len(text) > _MAX_POLICY:
        raise ApiError("PackedPolicyTooLarge", "The session policy is longer than 2048 characters.")
    try:
        document = json.loads(text)
    except ValueError as error:
        raise ApiError("MalformedPolicyDocument", "This policy contains invalid Json") from error
    if not isinstance(document, dict) or "Statement" not in document:
        raise ApiError("MalformedPolicyDocument", "Syntax errors in policy.")
    return (str(text),)


def policy_arns(params: Mapping[str, Any]) -> list[str]:
    """Return the ARNs of the managed policies that were passed as session policies."""
    arns = [str(item["arn"]) for item in params.get("PolicyArns", ())]
    if len(arns) > _MAX_POLICY_ARNS:
        raise ApiError("ValidationError", "At most 10 managed policies may be passed.")
    return arns

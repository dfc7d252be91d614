"""What STS accepts: names, durations, tags, session policies; in AWS's words where it refuses."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from landrail.localaws.api import ApiError

_NAME = re.compile(r"[\w+=,.@-]+", re.ASCII)
_EXTERNAL = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
_KEY = re.compile(r"[^\W_]|[ _.:/=+\-@]")
_ROLE = re.compile(r"arn:aws:iam::([0-9]{12}):role/([\w+=,.@/-]+)", re.ASCII)
_LONGEST_ROLE = 12 * 3600
_HOUR = 3600
_SHORTEST = 900
_MAX_TAGS = 50
_MAX_POLICY = 2048
_MAX_POLICY_ARNS = 10
_PACKED = 1024


def role_of(arn: str) -> tuple[str, str]:
    """Return the account and the name (without path) of a role's ARN."""
    match = _ROLE.fullmatch(arn)
    if match is None:
        raise ApiError("ValidationError", f"{arn} is invalid", 400)
    return match[1], match[2].rpartition("/")[2]


def check_name(name: str, member: str, longest: int = 64) -> str:
    """Return a session name (or source identity, or name of a federated user) that STS accepts."""
    if not _NAME.fullmatch(name) or not 2 <= len(name) <= longest:
        raise _violation(
            name,
            member,
            f"Member must satisfy regular expression pattern: [\\w+=,.@-]{{2,{longest}}}",
        )
    return name


def check_source_identity(name: str) -> str:
    """Return a source identity that STS accepts."""
    if name.lower().startswith("aws:"):
        raise _violation(name, "sourceIdentity", "Member must not begin with aws:")
    return check_name(name, "sourceIdentity")


def check_external_id(given: str | None) -> None:
    """Refuse an external id that can be none."""
    if given is not None and not _EXTERNAL.fullmatch(given):
        raise _violation(
            given,
            "externalId",
            "Member must satisfy regular expression pattern: [\\w+=,.@:\\/-]{2,1224}",
        )


def _violation(value: str, member: str, constraint: str) -> ApiError:
    return ApiError(
        "ValidationError",
        f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy "
        f"constraint: {constraint}",
    )


def role_duration(asked: int | None, maximum: int, *, chained: bool) -> int:
    """Return how long a role session lives: by default an hour, at most what the role allows, and
    an hour for a role entered from a role."""
    seconds = _HOUR if asked is None else asked
    if seconds < _SHORTEST:
        raise _out_of_range(seconds, "greater than or equal to 900")
    if seconds > _LONGEST_ROLE:
        raise _out_of_range(seconds, f"less than or equal to {_LONGEST_ROLE}")
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
        raise ApiError(
            "ValidationError",
            "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member "
            f"must have length less than or equal to {_MAX_TAGS}",
        )
    found: dict[str, str] = {}
    for tag in tags:
        key, value = str(tag["Key"]), str(tag.get("Value", ""))
        _check_tag(key, value)
        if key.lower() in {known.lower() for known in found}:
            raise ApiError(
                "InvalidParameterValue",
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
            )
        found[key] = value
    return found


def _check_tag(key: str, value: str) -> None:
    for text, least, most, member in ((key, 1, 128, "key"), (value, 0, 256, "value")):
        if not least <= len(text) <= most or not all(_KEY.fullmatch(c) for c in text):
            raise _violation(
                text,
                f"tags.1.member.{member}",
                f"Member must be {least} to {most} letters, spaces, numbers or _.:/=+-@",
            )
    if key.lower().startswith("aws:"):
        raise ApiError(
            "InvalidParameterValue",
            "Tag keys that begin with aws: are reserved for the use of AWS.",
        )


def transitive(
    keys: Sequence[str], tags: Mapping[str, str], inherited: Mapping[str, str]
) -> dict[str, str]:
    """Return the tags that go on with the sessions entered from this one: those of the caller, and
    the passed ones that are said to. What the caller carries cannot be passed anew."""
    taken = {key.lower() for key in inherited}
    if any(key.lower() in taken for key in (*tags, *keys)):
        raise ApiError(
            "AccessDenied",
            "One of the specified transitive tag keys can't be set because it conflicts with a "
            "transitive tag key from the calling session.",
            403,
        )
    by_key = {key.lower(): key for key in tags}
    if any(key.lower() not in by_key for key in keys) or len(keys) > _MAX_TAGS:
        raise ApiError(
            "InvalidParameterValue",
            "The specified transitive tag key must be included in the requested tags.",
        )
    chosen = {by_key[key.lower()] for key in keys}
    return {**inherited, **{key: value for key, value in tags.items() if key in chosen}}


def inline_policy(params: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the session policy that was passed, as a tuple of one or none. Its text has been
    checked by the gate, as that of every policy."""
    text = params.get("Policy")
    if text is None:
        return ()
    if len(text) > _MAX_POLICY:
        raise ApiError(
            "ValidationError",
            "1 validation error detected: Value at 'policy' failed to satisfy constraint: Member "
            f"must have length less than or equal to {_MAX_POLICY}",
        )
    return (str(text),)


def packed(params: Mapping[str, Any]) -> int | None:
    """Return how much of the space for session policies and tags a request takes, in hundredths,
    None where it has neither; raises ApiError for more than there is. AWS does not publish how it
    packs: here, what zlib makes of the text, against a kilobyte."""
    tags = [f"{tag.get('Key', '')}={tag.get('Value', '')}" for tag in params.get("Tags") or ()]
    parts = [str(params.get("Policy") or ""), *policy_arns(params), *tags]
    text = "\n".join(part for part in parts if part)
    if not text:
        return None
    size = -(-len(zlib.compress(text.encode(), 9)) * 100 // _PACKED)
    if size > 100:
        raise ApiError(
            "PackedPolicyTooLarge",
            f"Packed size of session tags and session policies consumes {size}% of allotted space.",
        )
    return size


def policy_arns(params: Mapping[str, Any]) -> list[str]:
    """Return the ARNs of the managed policies that were passed as session policies."""
    arns = [str(item["arn"]) for item in params.get("PolicyArns", ())]
    if len(arns) > _MAX_POLICY_ARNS:
        raise ApiError(
            "ValidationError",
            "1 validation error detected: Value at 'policyArns' failed to satisfy constraint: "
            f"Member must have length less than or equal to {_MAX_POLICY_ARNS}",
        )
    return arns

"""What a call says of the sessions behind and before it, asked before any policy is.

Credentials that may not make a call at all, MFA codes, and what a session carries into the next
one: source identity and transitive tags need the next role's leave as if they were passed anew.
Source: IAM User Guide, "Compare AWS STS credentials", "Passing session tags", "Monitor and control
actions taken with assumed roles"; API AssumeRole, GetSessionToken.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from landrail.localaws.api import ApiError, Caller
from landrail.localaws.gateway.callers.authenticate import Refused
from landrail.localaws.gateway.faults import Refusal
from landrail.localaws.gateway.requests import Authorization
from landrail.localaws.store import MfaCodes, mfa_device

_WITH_MFA = ("AssumeRole", "GetSessionToken")
_FREE = "GetCallerIdentity"
_ENTERS = ("AssumeRole", "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML")
_ABSENT = (("sts", "AssumeRoot"), ("sts", "DecodeAuthorizationMessage"))
_ROLE = re.compile(r"arn:aws:iam::[0-9]{12}:role/[\w+=,.@/-]+", re.ASCII)


def check_credentials(caller: Caller, service: str, operation: str) -> None:
    """Refuse what the kind of a caller's credentials can never do, whatever policies say."""
    if caller.called_via:
        return
    federated = caller.kind == "federated"
    own_session = caller.kind == "user" and caller.issued_at is not None
    if service == "iam" and (federated or (own_session and not caller.mfa)):
        raise Refused(Refusal.UNKNOWN_KEY)
    allowed = (_FREE,) if federated else (_FREE, "AssumeRole")
    if service == "sts" and (federated or own_session) and operation not in allowed:
        raise ApiError("AccessDenied", f"Cannot call {operation} with session credentials", 403)


def check_parameters(service: str, operation: str, params: Mapping[str, Any]) -> None:
    """Refuse what names no role, in STS's words, before it is asked what it would need."""
    if service == "sts" and operation in _ENTERS:
        arn = str(params.get("RoleArn"))
        if not _ROLE.fullmatch(arn):
            raise ApiError("ValidationError", f"{arn} is invalid")
    if (service, operation) in _ABSENT:
        raise ApiError(
            "UnsupportedOperation", f"The local AWS does not have sts:{operation} yet.", 501
        )


def checked_mfa(
    caller: Caller, operation: str, params: Mapping[str, Any], codes: MfaCodes
) -> dict[str, str]:
    """Return the condition keys that an MFA code gives a call to STS; none where there is none.
    Raises ApiError for a code that is not right."""
    serial, code = params.get("SerialNumber"), params.get("TokenCode")
    if operation not in _WITH_MFA or (serial is None and code is None):
        return {}
    found = mfa_device(str(serial)) if serial is not None else None
    if caller.kind != "user" or caller.issued_at is not None or code is None or found is None:
        raise _failed(
            ", unable to validate MFA code. Please verify your MFA serial number is valid and "
            "associated with this user."
        )
    if found.user_arn != caller.arn:
        raise _failed(
            ", must provide both MFA serial number and one time pass code of a device of this user."
        )
    if not codes.take(found, str(code), time.time()):
        raise _failed(" with invalid MFA one time pass code.")
    return {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "0"}


def _failed(why: str) -> ApiError:
    return ApiError("AccessDenied", f"MultiFactorAuthentication failed{why}", 403)


def carried(caller: Caller, needed: Sequence[Authorization]) -> tuple[Authorization, ...]:
    """Return what entering a role needs for what the caller's session carries into it."""
    own = needed[0]
    if own.action != "sts:AssumeRole" or caller.kind != "session":
        return tuple(needed)
    found, actions = list(needed), {one.action for one in needed}
    if caller.transitive_tags:
        tags = {f"aws:RequestTag/{key}": value for key, value in caller.transitive_tags.items()}
        keys = tuple(caller.transitive_tags)
        more: dict[str, Any] = {**tags, **own.context}
        for name in ("aws:TagKeys", "sts:TransitiveTagKeys"):
            given = own.context.get(name, ())
            more[name] = (*keys, *((given,) if isinstance(given, str) else given))
        found = [replace(one, context={**more, **_besides(one)}) for one in found]
        if "sts:TagSession" not in actions:
            found.append(replace(own, action="sts:TagSession", context=more))
    if caller.source_identity and "sts:SetSourceIdentity" not in actions:
        context = {**found[0].context, "sts:SourceIdentity": caller.source_identity}
        found.append(replace(own, action="sts:SetSourceIdentity", context=context))
    return tuple(found)


def _besides(one: Authorization) -> dict[str, Any]:
    lists = ("aws:TagKeys", "sts:TransitiveTagKeys")
    return {key: value for key, value in one.context.items() if key not in lists}

"""Sessions of roles: the role as IAM has it, and the caller that a session of it is."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Caller, Platform
from landrail.localaws.services.sts import rules


@dataclass(frozen=True, slots=True)
class Role:
    """A role that exists."""

    arn: str
    account: str
    name: str
    unique_id: str
    longest: int


def find(platform: Platform, call: ApiCall, arn: str) -> Role:
    """Return the role of an ARN; one that does not exist is refused like one that may not be
    entered, as on AWS."""
    account, name = rules.role_of(arn)
    inquiry = replace(
        call,
        account=account,
        region="us-east-1",
        service="iam",
        operation="GetRole",
        params={"RoleName": name},
    )
    try:
        role = platform.perform(inquiry)["Role"]
    except ApiError as error:
        raise _refused(call.caller, call.operation, arn) from error
    if role["Arn"] != arn:
        raise _refused(call.caller, call.operation, arn)
    return Role(arn, account, name, role["RoleId"], int(role.get("MaxSessionDuration") or 3600))


def _refused(caller: Caller, operation: str, arn: str) -> ApiError:
    return ApiError(
        "AccessDenied",
        f"User: {caller.arn} is not authorized to perform: sts:{operation} on resource: {arn}",
        403,
    )


def session_policies(platform: Platform, call: ApiCall, account: str) -> tuple[str, ...]:
    """Return every session policy of a call, the managed ones as they stand now."""
    texts = rules.inline_policy(call.params)
    for arn in rules.policy_arns(call.params):
        texts += (_managed(platform, call, account, arn),)
    return texts


def _managed(platform: Platform, call: ApiCall, account: str, arn: str) -> str:
    base = replace(call, account=account, region="us-east-1", service="iam")
    try:
        policy = platform.perform(replace(base, operation="GetPolicy", params={"PolicyArn": arn}))
        version = platform.perform(
            replace(
                base,
                operation="GetPolicyVersion",
                params={
                    "PolicyArn": arn,
                    "VersionId": policy["Policy"]["DefaultVersionId"],
                },
            )
        )
    except ApiError as error:
        raise ApiError("ValidationError", f"Policy {arn} does not exist.") from error
    return _text(version["PolicyVersion"]["Document"])


def _text(document: Any) -> str:
    return document if isinstance(document, str) else json.dumps(document)


def session(
    role: Role, name: str, params: Mapping[str, Any], policies: tuple[str, ...], origin: Caller
) -> Caller:
    """Return the caller that a session of a role is. Transitive tags and the source identity of
    the caller go on with it; MFA does not."""
    tags = rules.session_tags(params.get("Tags") or ())
    transitive = rules.transitive(
        params.get("TransitiveTagKeys") or (), tags, origin.transitive_tags
    )
    return Caller(
        kind="session",
        arn=f"arn:aws:sts::{role.account}:assumed-role/{role.name}/{name}",
        account=role.account,
        user_id=f"{role.unique_id}:{name}",
        role_arn=role.arn,
        session_name=name,
        session_policies=policies,
        session_tags={**tags, **transitive},
        source_identity=_source_identity(params, origin),
        issued_at=time.time(),
        mfa=False if origin.kind in ("user", "session") else None,
        transitive_tags=transitive,
    )


def _source_identity(params: Mapping[str, Any], origin: Caller) -> str | None:
    """Set once, it stays for all sessions that are entered from the first."""
    asked = params.get("SourceIdentity")
    if asked is None:
        return origin.source_identity
    rules.check_source_identity(str(asked))
    if origin.source_identity not in (None, asked):
        raise ApiError(
            "AccessDenied",
            "The source identity of a session cannot be changed: it is already "
            f"'{origin.source_identity}'.",
            403,
        )
    return str(asked)

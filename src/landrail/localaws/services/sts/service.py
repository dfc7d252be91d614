"""The operations of STS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from landrail.localaws.api import (
    ApiCall,
    ApiError,
    Caller,
    Completed,
    Credentials,
    Door,
    Operation,
    Platform,
)
from landrail.localaws.services.sts import roles, rules, webidentity
from landrail.localaws.store import Blobs, CredentialStore, Tables

_DAY = 24 * 3600


class Sts:
    """STS of the local AWS."""

    name = "sts"
    owned = True
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(self, platform: Platform, credentials: CredentialStore) -> None:
        self._platform = platform
        self._credentials = credentials
        self.operations: Mapping[str, Operation] = {
            "AssumeRole": self.assume_role,
            "AssumeRoleWithWebIdentity": self.assume_role_with_web_identity,
            "GetCallerIdentity": self.get_caller_identity,
            "GetSessionToken": self.get_session_token,
            "GetFederationToken": self.get_federation_token,
            "GetAccessKeyInfo": self.get_access_key_info,
        }

    def assume_role(self, call: ApiCall) -> Mapping[str, Any]:
        """Enter a role as another caller."""
        params = call.params
        if call.caller.kind == "root":
            raise ApiError("AccessDenied", "Roles may not be assumed by root accounts.", 403)
        if params.get("SerialNumber") or params.get("TokenCode"):
            raise ApiError(
                "AccessDenied",
                "MultiFactorAuthentication failed: the local AWS has no MFA devices; sign in with "
                "a token whose `amr` says `mfa`",
                403,
            )
        role = roles.find(self._platform, call, params["RoleArn"])
        duration = rules.role_duration(
            params.get("DurationSeconds"), role.longest, chained=call.caller.kind == "session"
        )
        return self._enter(call, role, duration)

    def assume_role_with_web_identity(self, call: ApiCall) -> Mapping[str, Any]:
        """Enter a role with a token of an OpenID Connect issuer; the gate has verified it."""
        identity = webidentity.verify(
            call.params["WebIdentityToken"], self._platform.state / "identity" / "jwks.json"
        )
        role = roles.find(self._platform, call, call.params["RoleArn"])
        duration = rules.role_duration(
            call.params.get("DurationSeconds"), role.longest, chained=False
        )
        provider = f"arn:aws:iam::{role.account}:oidc-provider/{identity.issuer}"
        return {
            **self._enter(call, role, duration),
            "SubjectFromWebIdentityToken": identity.subject,
            "Provider": provider,
            "Audience": identity.audience,
        }

    def _enter(self, call: ApiCall, role: roles.Role, duration: int) -> Mapping[str, Any]:
        params = call.params
        name = rules.check_name(params["RoleSessionName"], "roleSessionName")
        if params.get("SourceIdentity"):
            rules.check_name(params["SourceIdentity"], "sourceIdentity")
        policies = roles.session_policies(self._platform, call, role.account)
        caller = roles.session(role, name, params, policies, call.caller)
        issued = self._credentials.issue(caller, duration)
        result: dict[str, Any] = {
            "Credentials": _written(issued),
            "AssumedRoleUser": {"AssumedRoleId": caller.user_id, "Arn": caller.arn},
        }
        if policies:
            result["PackedPolicySize"] = _packed(policies)
        if caller.source_identity:
            result["SourceIdentity"] = caller.source_identity
        return result

    def get_caller_identity(self, call: ApiCall) -> Mapping[str, Any]:
        """Say who the caller is."""
        caller = call.caller
        return {"UserId": caller.user_id, "Account": caller.account, "Arn": caller.arn}

    def get_session_token(self, call: ApiCall) -> Mapping[str, Any]:
        """Give a user temporary credentials of their own."""
        _only_users(call.caller, "GetSessionToken")
        duration = rules.user_duration(call.params.get("DurationSeconds"), 12 * 3600, 36 * 3600)
        caller = replace(call.caller, issued_at=datetime.now(UTC).timestamp(), mfa=False)
        return {"Credentials": _written(self._credentials.issue(caller, duration))}

    def get_federation_token(self, call: ApiCall) -> Mapping[str, Any]:
        """Give a user a named session limited by a policy."""
        _only_users(call.caller, "GetFederationToken")
        name = rules.check_name(call.params["Name"], "name")
        account = str(call.caller.account)
        duration = rules.user_duration(call.params.get("DurationSeconds"), 12 * 3600, 36 * 3600)
        policies = roles.session_policies(self._platform, call, account)
        caller = Caller(
            kind="federated",
            arn=f"arn:aws:sts::{account}:federated-user/{name}",
            account=account,
            user_id=f"{account}:{name}",
            role_arn=call.caller.arn,
            session_name=name,
            session_policies=policies,
            session_tags=rules.session_tags(call.params.get("Tags", ())),
            issued_at=datetime.now(UTC).timestamp(),
        )
        return {
            "Credentials": _written(self._credentials.issue(caller, duration)),
            "FederatedUser": {"FederatedUserId": caller.user_id, "Arn": caller.arn},
            "PackedPolicySize": _packed(policies),
        }

    def get_access_key_info(self, call: ApiCall) -> Mapping[str, Any]:
        """Say which account an access key belongs to."""
        caller, _ = self._platform.authenticate(call.params["AccessKeyId"])
        return {"Account": caller.account}

    def resource_policy(self, account: str, region: str, arn: str) -> str | None:
        """STS has no resources; a role's trust policy is IAM's."""
        del account, region, arn
        return None

    def completed(self, event: Completed) -> None:
        """Nothing that happens elsewhere concerns STS."""

    def start(self) -> None:
        """Credentials are read when they are used."""

    def stop(self) -> None:
        """There is nothing to end."""


def _only_users(caller: Caller, operation: str) -> None:
    if caller.kind != "user" or caller.issued_at is not None:
        raise ApiError("AccessDenied", f"Cannot call {operation} with session credentials", 403)


def _written(credentials: Credentials) -> dict[str, Any]:
    return {
        "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key,
        "SessionToken": credentials.session_token,
        "Expiration": datetime.fromtimestamp(int(credentials.expiration), UTC),
    }


def _packed(policies: tuple[str, ...]) -> int:
    return min(100, sum(len(text) for text in policies) * 100 // 2048)


def build(platform: Platform, tables: Tables, blobs: Blobs) -> Sts:
    """Build the service."""
    del blobs
    return Sts(platform, CredentialStore(tables))

"""The operations of STS."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from landrail.localaws import webidentity
from landrail.localaws.api import (
    Answering,
    ApiCall,
    ApiError,
    Caller,
    Credentials,
    Door,
    Operation,
    Platform,
)
from landrail.localaws.services.sts import roles, rules
from landrail.localaws.store import Assertions, Blobs, CredentialStore, Tables, access_key

SAML_AUDIENCE = "https://signin.aws.amazon.com/saml"
NO_SAML = (
    "The local AWS does not take SAML assertions. Enter the role with a token of an OpenID Connect "
    "provider (sts:AssumeRoleWithWebIdentity), or by `landrail as`."
)


class Sts(Answering):
    """STS of the local AWS."""

    name = "sts"
    owned = True
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(
        self, platform: Platform, credentials: CredentialStore, assertions: Assertions
    ) -> None:
        self._platform = platform
        self._assertions = assertions
        self._credentials = credentials
        self.operations: Mapping[str, Operation] = {
            "AssumeRole": self.assume_role,
            "AssumeRoleWithWebIdentity": self.assume_role_with_web_identity,
            "GetCallerIdentity": self.get_caller_identity,
            "GetSessionToken": self.get_session_token,
            "GetFederationToken": self.get_federation_token,
            "GetAccessKeyInfo": self.get_access_key_info,
            "AssumeRoleWithSAML": self.assume_role_with_saml,
        }

    def assume_role(self, call: ApiCall) -> Mapping[str, Any]:
        """Enter a role as another caller."""
        params = call.params
        if call.caller.kind == "root":
            raise ApiError("AccessDenied", "Roles may not be assumed by root accounts.", 403)
        rules.check_external_id(params.get("ExternalId"))
        role = roles.find(self._platform, call, params["RoleArn"])
        duration = rules.role_duration(
            params.get("DurationSeconds"), role.longest, chained=call.caller.kind == "session"
        )
        return self._enter(call, role, duration)

    def assume_role_with_web_identity(self, call: ApiCall) -> Mapping[str, Any]:
        """Enter a role with a token of an OpenID Connect issuer; the gate has verified it."""
        identity = webidentity.verify(
            call.params["WebIdentityToken"], self._platform.state / "identity"
        )
        role = roles.find(self._platform, call, call.params["RoleArn"])
        duration = rules.role_duration(
            call.params.get("DurationSeconds"), role.longest, chained=False
        )
        provider = f"arn:aws:iam::{role.account}:oidc-provider/{identity.issuer}"
        told = {
            "Tags": [{"Key": key, "Value": value} for key, value in identity.tags.items()],
            "TransitiveTagKeys": list(identity.transitive),
            "SourceIdentity": identity.source_identity,
        }
        return {
            **self._enter(replace(call, params={**call.params, **told}), role, duration),
            "SubjectFromWebIdentityToken": identity.subject,
            "Provider": provider,
            "Audience": identity.audience,
        }

    def assume_role_with_saml(self, call: ApiCall) -> Mapping[str, Any]:
        """Enter a reserved role with an assertion of Identity Center's; there are no others."""
        taken = self._assertions.take(str(call.params["SAMLAssertion"]))
        if taken is None:
            raise ApiError("UnsupportedOperation", NO_SAML, 501)
        role = roles.find(self._platform, call, taken.role_arn)
        named = replace(call, params={**call.params, "RoleSessionName": taken.user})
        return {
            **self._enter(named, role, min(taken.duration, role.longest)),
            "Subject": taken.user,
            "SubjectType": "persistent",
            "Issuer": taken.provider_arn,
            "Audience": SAML_AUDIENCE,
        }

    def _enter(self, call: ApiCall, role: roles.Role, duration: int) -> Mapping[str, Any]:
        params = call.params
        name = rules.check_name(params["RoleSessionName"], "roleSessionName")
        packed = rules.packed(params)
        policies = roles.session_policies(self._platform, call, role.account)
        caller = roles.session(role, name, params, policies, call.caller)
        issued = self._credentials.issue(caller, duration)
        result: dict[str, Any] = {
            "Credentials": _written(issued),
            "AssumedRoleUser": {"AssumedRoleId": caller.user_id, "Arn": caller.arn},
        }
        if packed is not None:
            result["PackedPolicySize"] = packed
        if caller.source_identity:
            result["SourceIdentity"] = caller.source_identity
        return result

    def get_caller_identity(self, call: ApiCall) -> Mapping[str, Any]:
        """Say who the caller is."""
        caller = call.caller
        return {"UserId": caller.user_id, "Account": caller.account, "Arn": caller.arn}

    def get_session_token(self, call: ApiCall) -> Mapping[str, Any]:
        """Give a user temporary credentials of their own; the gate has checked the MFA code."""
        _only_users(call.caller, "GetSessionToken")
        duration = rules.user_duration(call.params.get("DurationSeconds"), 12 * 3600, 36 * 3600)
        caller = replace(call.caller, issued_at=time.time(), mfa=bool(call.params.get("TokenCode")))
        return {"Credentials": _written(self._credentials.issue(caller, duration))}

    def get_federation_token(self, call: ApiCall) -> Mapping[str, Any]:
        """Give a user a named session limited by a policy."""
        _only_users(call.caller, "GetFederationToken")
        name = rules.check_name(call.params["Name"], "name", 32)
        account = str(call.caller.account)
        duration = rules.user_duration(call.params.get("DurationSeconds"), 12 * 3600, 36 * 3600)
        packed = rules.packed(call.params)
        policies = roles.session_policies(self._platform, call, account)
        tags = rules.session_tags(call.params.get("Tags") or ())
        caller = Caller(
            kind="federated",
            arn=f"arn:aws:sts::{account}:federated-user/{name}",
            account=account,
            user_id=f"{account}:{name}",
            role_arn=call.caller.arn,
            session_name=name,
            session_policies=policies,
            session_tags=tags,
            transitive_tags=tags,
            issued_at=time.time(),
        )
        return {
            "Credentials": _written(self._credentials.issue(caller, duration)),
            "FederatedUser": {"FederatedUserId": caller.user_id, "Arn": caller.arn},
            "PackedPolicySize": packed or 0,
        }

    def get_access_key_info(self, call: ApiCall) -> Mapping[str, Any]:
        """Say which account an access key belongs to."""
        key = str(call.params["AccessKeyId"])
        session = self._credentials.find(key)
        if session is not None:
            return {"Account": session.caller.account}
        found = access_key(key)
        if found is None:
            raise ApiError("ValidationError", f"The access key {key} is not one of this AWS.")
        return {"Account": found.account}


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


def build(platform: Platform, tables: Tables, blobs: Blobs) -> Sts:
    """Build the service."""
    del blobs
    return Sts(platform, CredentialStore(tables), Assertions(tables))

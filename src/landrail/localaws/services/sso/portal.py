"""The access portal: credentials of a reserved role for a person who has its permission set.

The portal's own API (`sso:GetRoleCredentials`, `ListAccounts`, `ListAccountRoles`), which knows no
signatures: the access token is the person's token of the stand-in issuer. The role is entered
through STS like any other, by its trust policy.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from werkzeug.wrappers import Request, Response

from landrail.localaws import webidentity
from landrail.localaws.api import ApiError, Caller, Door, Platform
from landrail.localaws.services.sso.directory import Directory, Place
from landrail.localaws.store import Assertions, Table

_ANYBODY = Caller(kind="anonymous", arn="anonymous", account=None, user_id="anonymous")
_NO_ACCESS = "No access"


class Portal:
    """Answers below `/federation/credentials` and `/assignment/`."""

    def __init__(self, platform: Platform, roles: Table, assertions: Assertions) -> None:
        self._platform = platform
        self._roles = roles
        self._assertions = assertions
        self.doors: Mapping[str, Door] = {
            "/federation/credentials": self.credentials,
            "/assignment/roles": self.account_roles,
            "/assignment/accounts": self.accounts,
        }

    def credentials(self, request: Request) -> Response:
        """Return temporary credentials of a permission set's role in an account."""
        return _answered(lambda: self._enter(request))

    def account_roles(self, request: Request) -> Response:
        """Return the permission sets that a person has in an account."""

        def found() -> Mapping[str, Any]:
            user, account = self._user(request), request.args.get("account_id", "")
            names = [kept["name"] for _, kept in self._open_to(user, account)]
            return {"roleList": [{"roleName": name, "accountId": account} for name in names]}

        return _answered(found)

    def accounts(self, request: Request) -> Response:
        """Return the accounts in which a person has a permission set."""

        def found() -> Mapping[str, Any]:
            user = self._user(request)
            here = sorted({account for account, _ in self._open_to(user)})
            return {"accountList": [{"accountId": account} for account in here]}

        return _answered(found)

    def _enter(self, request: Request) -> Mapping[str, Any]:
        user = self._user(request)
        account, name = request.args.get("account_id", ""), request.args.get("role_name", "")
        for _, kept in self._open_to(user, account):
            if kept["name"] == name:
                return self._assume(user, account, kept)
        raise ApiError("ForbiddenException", _NO_ACCESS, 403)

    def _assume(self, user: str, account: str, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        directory = Directory(self._platform, Place(kept["admin"], kept["region"]))
        wanted = directory.permission_set(kept["instance"], kept["set"])
        provider = self._provider(account, kept["role"])
        text = self._assertions.make(kept["role"], provider, user, wanted.seconds)
        issued = self._platform.call(
            _ANYBODY,
            "sts",
            "AssumeRoleWithSAML",
            {"RoleArn": kept["role"], "PrincipalArn": provider, "SAMLAssertion": text},
            region=kept["region"],
        )["Credentials"]
        expires: datetime = issued["Expiration"]
        return {
            "roleCredentials": {
                "accessKeyId": issued["AccessKeyId"],
                "secretAccessKey": issued["SecretAccessKey"],
                "sessionToken": issued["SessionToken"],
                "expiration": int(expires.timestamp() * 1000),
            }
        }

    def _provider(self, account: str, role: str) -> str:
        """The SAML provider that the role trusts."""
        place = Directory(self._platform, Place(account, "us-east-1"))
        name = role.rpartition("/")[2]
        document = place.ask("iam", "GetRole", RoleName=name)["Role"]["AssumeRolePolicyDocument"]
        trust = json.loads(unquote(document)) if isinstance(document, str) else document
        return str(trust["Statement"][0]["Principal"]["Federated"])

    def _open_to(
        self, user: str, account: str | None = None
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the accounts and roles whose assignments name a user, or a group of the user's."""
        for (where, arn), kept in self._roles.scan(*([account] if account else [])):
            directory = Directory(self._platform, Place(kept["admin"], kept["region"]))
            own = directory.principals_of(kept["instance"], user)
            if own & set(directory.assigned(kept["instance"], arn, where)):
                yield where, {**kept, "set": arn}

    def _user(self, request: Request) -> str:
        """The person behind the access token."""
        token = request.environ.get("landrail.bearer") or ""
        try:
            found = webidentity.verify(token, self._platform.state / "identity")
        except ApiError as error:
            raise ApiError(
                "UnauthorizedException", "Session token not found or invalid", 401
            ) from error
        if found.issuer != webidentity.STAND_IN:
            raise ApiError("UnauthorizedException", "Session token not found or invalid", 401)
        return found.subject


def _answered(found: Any) -> Response:
    try:
        document, status = found(), 200
    except ApiError as error:
        told = {"__type": error.code, "message": error.message}
        return Response(json.dumps(told), error.status, content_type="application/json")
    return Response(json.dumps(document), status, content_type="application/json")

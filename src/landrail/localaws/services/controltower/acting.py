"""In whose name Control Tower acts: its service-linked role, its administrator, its execution role.

The organization is changed as the service itself; what lies in the management account under
`AWSControlTowerAdmin`, which the customer makes and can take away; what lies in a member account
under `AWSControlTowerExecution`, entered from there. Each call passes the gate like anybody's.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from landrail.localaws.api import ApiError, Caller, Platform

PRINCIPAL = "controltower.amazonaws.com"
SERVICE = Caller(kind="service", arn=PRINCIPAL, account=None, user_id=PRINCIPAL)
ADMIN = "service-role/AWSControlTowerAdmin"
EXECUTION = "AWSControlTowerExecution"
_SESSION = "AWSControlTower"
_ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
_GLOBAL = "us-east-1"

Ask = Callable[..., dict[str, Any]]
"""`ask(service, operation, region=..., **params)` in one account."""


@dataclass(frozen=True, slots=True)
class Place:
    """The management account and the home region of a landing zone."""

    account: str
    region: str


class Acting:
    """The callers of one operation, each entered when it is first needed."""

    def __init__(self, platform: Platform, place: Place) -> None:
        self._platform = platform
        self.place = place
        self._lock = threading.Lock()
        self._admin: Caller | None = None
        self._inside: dict[str, Caller] = {}

    def organization(self, operation: str, **params: Any) -> dict[str, Any]:
        """Call Organizations as the service; raises ApiError."""
        return self._platform.call(
            SERVICE,
            "organizations",
            operation,
            params,
            region=_GLOBAL,
            account=self.place.account,
        )

    def listed(self, operation: str, key: str, **params: Any) -> Iterator[Any]:
        """Yield all pages of a list of Organizations."""
        token: dict[str, Any] = {}
        while True:
            answer = self.organization(operation, **params, **token)
            yield from answer.get(key) or ()
            if not answer.get("NextToken"):
                return
            token = {"NextToken": answer["NextToken"]}

    def admin(
        self, service: str, operation: str, region: str = "", **params: Any
    ) -> dict[str, Any]:
        """Call in the management account under `AWSControlTowerAdmin`; raises ApiError."""
        where = region or self.place.region
        return self._platform.call(self._entered(), service, operation, params, region=where)

    def inside(self, account: str) -> Ask:
        """Return the way to call in a member account under `AWSControlTowerExecution`."""

        def ask(service: str, operation: str, region: str = "", **params: Any) -> dict[str, Any]:
            where = region or self.place.region
            caller = self._execution(account)
            return self._platform.call(caller, service, operation, params, region=where)

        return ask

    def make_execution_role(self, account: str) -> None:
        """Make the execution role in a member account, as the service itself; kept as it is where
        it is there."""
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{self.place.account}:root"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
        try:
            self._as_service(
                account,
                "CreateRole",
                RoleName=EXECUTION,
                AssumeRolePolicyDocument=json.dumps(trust),
                Description="Lets AWS Control Tower govern this account",
            )
        except ApiError as error:
            if error.code != "EntityAlreadyExists":
                raise
        self._as_service(account, "AttachRolePolicy", RoleName=EXECUTION, PolicyArn=_ADMINISTRATOR)

    def _as_service(self, account: str, operation: str, **params: Any) -> None:
        self._platform.call(SERVICE, "iam", operation, params, region=_GLOBAL, account=account)

    def _entered(self) -> Caller:
        with self._lock:
            if self._admin is None:
                arn = f"arn:aws:iam::{self.place.account}:role/{ADMIN}"
                self._admin = self._platform.assume(PRINCIPAL, arn, _SESSION).caller
            return self._admin

    def _execution(self, account: str) -> Caller:
        admin = self._entered()
        with self._lock:
            held = self._inside.get(account)
            if held is None:
                held = self._enter(admin, account)
                self._inside[account] = held
            return held

    def _enter(self, admin: Caller, account: str) -> Caller:
        issued = self._platform.call(
            admin,
            "sts",
            "AssumeRole",
            {
                "RoleArn": f"arn:aws:iam::{account}:role/{EXECUTION}",
                "RoleSessionName": _SESSION,
            },
            region=self.place.region,
        )["Credentials"]
        caller, _ = self._platform.authenticate(str(issued["AccessKeyId"]))
        return caller


def made(ask: Callable[..., Any], *already: str, **params: Any) -> Any:
    """Call what makes something; what is there already (by these error codes) is no error."""
    try:
        return ask(**params)
    except ApiError as error:
        if error.code not in already:
            raise
        return None

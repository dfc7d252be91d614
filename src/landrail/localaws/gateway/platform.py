"""`Platform` as the gateway gives it to each service: the in-process door of the same gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Caller, Credentials, Origin
from landrail.localaws.gateway.asked import Asked
from landrail.localaws.gateway.callers.authenticate import Refused, lookup
from landrail.localaws.gateway.faults import refusal
from landrail.localaws.gateway.gate import Gate
from landrail.localaws.gateway.network.listeners import Opened
from landrail.localaws.gateway.network.places import Network
from landrail.localaws.gateway.requests import Authorization
from landrail.localaws.store import CredentialStore, read


class GatewayPlatform:
    """The platform of one local AWS; `gate` and `network` are set once all services are built."""

    gate: Gate
    network: Network

    def __init__(self, state: Path, endpoint: str, credentials: CredentialStore) -> None:
        self._state = state
        self._endpoint = endpoint
        self._credentials = credentials

    @property
    def state(self) -> Path:
        """The state folder."""
        return self._state

    @property
    def endpoint(self) -> str:
        """The URL of the local AWS."""
        return self._endpoint

    def call(
        self,
        caller: Caller,
        service: str,
        operation: str,
        params: Mapping[str, Any] | None = None,
        *,
        region: str,
        account: str | None = None,
        once: str = "",
        context: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Make an API call as `caller` through the gate."""
        if context and caller.kind != "service":
            raise ValueError("only a service vouches for condition keys")
        asked = Asked(
            caller,
            service,
            operation,
            params or {},
            region,
            account=account,
            once=once,
            context=dict(context or {}),
        )
        return self.gate.enter(asked).dictionary()

    def perform(self, call: ApiCall) -> dict[str, Any]:
        """Hand an authorized call on to the store."""
        return read(call.service, call.operation, self.gate.store(call))

    def authorize(
        self,
        caller: Caller,
        action: str,
        resource: str,
        *,
        account: str,
        region: str,
        context: Mapping[str, str | tuple[str, ...]] | None = None,
    ) -> None:
        """Decide one data-plane access."""
        needed = Authorization(action, resource, account)
        self.gate.access(caller, needed, region, dict(context or {}))

    def assume(
        self,
        service: str,
        role_arn: str,
        session_name: str,
        *,
        context: Mapping[str, str] | None = None,
        duration: int = 3600,
    ) -> Credentials:
        """Enter a role as a service principal."""
        caller = Caller(kind="service", arn=service, account=None, user_id=service)
        params = {
            "RoleArn": role_arn,
            "RoleSessionName": session_name,
            "DurationSeconds": duration,
        }
        asked = Asked(caller, "sts", "AssumeRole", params, "us-east-1", context=dict(context or {}))
        result = self.gate.enter(asked).dictionary()
        found = self._credentials.find(result["Credentials"]["AccessKeyId"])
        if found is None:
            raise ApiError("InternalFailure", "STS issued credentials that it does not know.", 500)
        # Kept with the service alone: a process that is given the keys calls for itself.
        return replace(found, caller=replace(found.caller, held_by=service))

    def origin(
        self, account: str, region: str, subnets: Sequence[str] = (), vpc: str | None = None
    ) -> Origin:
        """Return where a process calls from."""
        return self.network.origin(account, region, subnets, vpc)

    def listen(self, origin: Origin, role_arn: str) -> Opened:
        """Open a listener."""
        return self.network.listen(origin, role_arn)

    def authenticate(self, access_key_id: str) -> tuple[Caller, str]:
        """Return the caller and secret behind an access key id."""
        try:
            key = lookup(access_key_id, self._credentials)
        except Refused as refused:
            raise refusal(refused.kind, "sts", "query", refused.message) from refused
        return replace(key.caller), key.secret

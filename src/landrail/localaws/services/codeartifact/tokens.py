"""Authorization tokens for package tools: they stand for the access key that asked for them."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Caller, Platform
from landrail.localaws.services.codeartifact.domains import Domains
from landrail.localaws.store import Tables

LONGEST = 12 * 3600
SHORTEST = 15 * 60


class Tokens:
    """Tokens given out; only their digests are kept."""

    def __init__(self, platform: Platform, tables: Tables, domains: Domains) -> None:
        self._platform = platform
        self._domains = domains
        self._table = tables.table("codeartifact.tokens")

    def give(self, call: ApiCall) -> Mapping[str, Any]:
        """Answer GetAuthorizationToken; like AWS it asks for sts:GetServiceBearerToken too."""
        domain = self._domains.need(call)
        asked = int(call.params.get("durationSeconds") or 0)
        if asked and not SHORTEST <= asked <= LONGEST:
            raise ApiError(
                "ValidationException",
                f"durationSeconds must be 0 or between {SHORTEST} and {LONGEST}",
            )
        self._platform.authorize(
            call.caller,
            "sts:GetServiceBearerToken",
            "*",
            account=call.caller.account or call.account,
            region=call.region,
            context={"sts:AWSServiceName": "codeartifact.amazonaws.com"},
        )
        expires = int(time.time()) + (asked or LONGEST)
        token = secrets.token_urlsafe(96)
        self._table.put(
            _digest(token),
            value={
                "key": call.caller.access_key_id,
                "expires": expires,
                "domain": domain["arn"],
            },
        )
        return {
            "authorizationToken": token,
            "expiration": datetime.fromtimestamp(expires, UTC),
        }

    def caller(self, token: str, domain_arn: str) -> Caller:
        """Return who a token stands for in a domain; raises ApiError (401) for a wrong one."""
        found = self._table.get(_digest(token))
        if (
            found is None
            or found["expires"] < time.time()
            or found["domain"] != domain_arn
            or not found["key"]
        ):
            raise ApiError("Unauthorized", "The authorization token is wrong or expired.", 401)
        try:
            return self._platform.authenticate(found["key"])[0]
        except ApiError as gone:
            raise ApiError("Unauthorized", gone.message, 401) from gone


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

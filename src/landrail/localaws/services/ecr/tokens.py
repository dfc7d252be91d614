"""Authorization tokens of the registry: they stand for the access key that asked for them."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Caller, Platform
from landrail.localaws.store import Tables

LIFETIME = 12 * 3600


class Tokens:
    """Tokens given out; only their digests are kept."""

    def __init__(self, platform: Platform, tables: Tables) -> None:
        self._platform = platform
        self._table = tables.table("ecr.tokens")

    def give(self, call: ApiCall) -> Mapping[str, Any]:
        """Answer GetAuthorizationToken."""
        expires = int(time.time()) + LIFETIME
        token = secrets.token_urlsafe(48)
        self._table.put(
            _digest(token), value={"key": call.caller.access_key_id, "expires": expires}
        )
        registries = [str(one) for one in call.params.get("registryIds") or [call.account]]
        return {
            "authorizationData": [
                {
                    "authorizationToken": base64.b64encode(f"AWS:{token}".encode()).decode(),
                    "expiresAt": datetime.fromtimestamp(expires, UTC),
                    "proxyEndpoint": f"https://{one}.dkr.ecr.{call.region}.amazonaws.com",
                }
                for one in registries
            ]
        }

    def caller(self, token: str) -> Caller:
        """Return who a token stands for; raises ApiError for a wrong or expired one."""
        found = self._table.get(_digest(token))
        if found is None or found["expires"] < time.time() or not found["key"]:
            raise ApiError("UNAUTHORIZED", "Your authorization token has expired or is wrong.", 401)
        try:
            return self._platform.authenticate(found["key"])[0]
        except ApiError as gone:
            raise ApiError("UNAUTHORIZED", gone.message, 401) from gone


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

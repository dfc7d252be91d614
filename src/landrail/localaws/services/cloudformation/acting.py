"""As whom a stack's calls are made: its role, or its caller by a forward access session."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from landrail.localaws.api import ApiError, Caller, Credentials, Origin, Platform
from landrail.localaws.services.cloudformation.stacks import Goal

PRINCIPAL = "cloudformation.amazonaws.com"
_MARGIN = 120.0


def remembered(caller: Caller) -> dict[str, Any]:
    """Return a caller as a record keeps it; it holds no secret."""
    return asdict(caller)


def recalled(document: Mapping[str, Any]) -> Caller:
    """Return the caller of a record."""
    known = dict(document)
    for name in ("session_policies", "called_via"):
        known[name] = tuple(known.get(name, ()))
    if known.get("origin") is not None:
        known["origin"] = Origin(**known["origin"])
    return Caller(**known)


class Actor:
    """Makes calls for one operation; enters the role again before its credentials expire."""

    def __init__(self, platform: Platform, goal: Goal, region: str, stack: str) -> None:
        self._platform = platform
        self._goal = goal
        self._region = region
        self._stack = stack
        self._lock = threading.Lock()
        self._credentials: Credentials | None = None

    def call(
        self, service: str, operation: str, params: Mapping[str, Any], once: str = ""
    ) -> dict[str, Any]:
        """Make a call, under the name `once` at most once; raises ApiError."""
        return self._platform.call(
            self._caller(), service, operation, params, region=self._region, once=once
        )

    def _caller(self) -> Caller:
        if self._goal.role is None:
            caller = recalled(self._goal.caller)
            return replace(caller, called_via=(*caller.called_via, PRINCIPAL))
        with self._lock:
            fresh = self._credentials
            if fresh is None or fresh.expiration - time.time() < _MARGIN:
                fresh = self._credentials = self._enter(self._goal.role)
            return fresh.caller

    def _enter(self, role: str) -> Credentials:
        try:
            return self._platform.assume(
                PRINCIPAL, role, "AWSCloudFormation", context={"aws:SourceArn": self._stack}
            )
        except ApiError as error:
            raise ApiError(
                "ValidationError", f"Role {role} is invalid or cannot be assumed", error.status
            ) from error

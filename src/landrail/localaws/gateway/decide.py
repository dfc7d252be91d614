"""Whether a call may be made. Provisional: any authenticated caller; replaced by the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from landrail.localaws.api import Caller
from landrail.localaws.gateway.authenticate import Refused
from landrail.localaws.gateway.faults import Refusal


@dataclass(frozen=True, slots=True)
class Access:
    """A call to decide."""

    caller: Caller
    service: str
    operation: str
    params: Mapping[str, Any]
    region: str
    account: str | None
    source_ip: str | None
    user_agent: str
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """An allowed call: the account it acts in, its resources, and why."""

    account: str
    resources: tuple[str, ...]
    explanation: Mapping[str, Any]


class Decider:
    """Decides calls."""

    def decide(self, access: Access, event_id: str) -> Verdict:
        """Return the verdict of an allowed call; raises Refused or ApiError otherwise."""
        account = access.caller.account or access.account
        role = access.params.get("RoleArn")
        if access.service == "sts" and role and access.operation.startswith("AssumeRole"):
            account = str(role).split(":")[4]
        if account is None:
            raise Refused(Refusal.MISSING)
        return Verdict(account, (), {"event": event_id})

"""A call at the gate, and what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from landrail.localaws.api import Caller
from landrail.localaws.store import Answer, read


@dataclass(frozen=True, slots=True)
class Asked:
    """A call as it reaches the gate; `account` only for service principals, `once` only from our
    own services, `endpoint` and `vpce` where it came by a listener or names a VPC endpoint."""

    caller: Caller
    service: str
    operation: str
    params: Mapping[str, Any]
    region: str
    account: str | None = None
    user_agent: str = ""
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    once: str = ""
    endpoint: str = ""
    vpce: str | None = None


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A request whose caller was not believed: who it claimed to be, by its access key's id."""

    service: str
    operation: str
    region: str
    access_key_id: str | None
    address: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class Done:
    """An operation performed: the store's answer as it is, or the result of one of our services."""

    asked: Asked
    answer: Answer | None
    result: Mapping[str, Any] | None

    def dictionary(self) -> dict[str, Any]:
        """Return the result in botocore's shape; raises ApiError for an error answer."""
        if self.answer is not None:
            return read(self.asked.service, self.asked.operation, self.answer)
        return dict(self.result or {})

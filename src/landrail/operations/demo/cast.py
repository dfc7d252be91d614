"""The people of the demo: each signs in as they would, with a token of the issuer.

An `Actor` is somebody in one account; what they call is authorized like anybody's call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from landrail.aws.sessions import Connection, Identity


@dataclass(frozen=True, slots=True)
class Actor:
    """`WHO@ACCOUNT`, signed in."""

    who: str
    account: str
    connection: Connection
    identity: Identity

    @property
    def caller(self) -> str:
        """How commands name them."""
        return f"{self.who}@{self.account}"

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        """Make one API call; raises botocore's ClientError."""
        return self.connection.call(self.identity, service, operation, **parameters)


class Cast:
    """Everybody, signed in when first needed."""

    def __init__(self, connection: Connection, sign_in: Callable[[str, str], Identity]) -> None:
        self._connection = connection
        self._sign_in = sign_in
        self.actor = cache(self._actor)

    def _actor(self, who: str, account: str) -> Actor:
        return Actor(who, account, self._connection, self._sign_in(who, account))

"""Assertions of the local Identity Center: who may enter which reserved role, once and soon.

They stand where SAML assertions stand on AWS, and only the local AWS makes any: a caller who has
one was given it by Identity Center, after it has found the assignment.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict, dataclass

from landrail.localaws.store.tables import Tables

_LIFETIME = 60


@dataclass(frozen=True, slots=True)
class Assertion:
    """`user` may enter `role_arn` by the SAML provider, for `duration` seconds."""

    role_arn: str
    provider_arn: str
    user: str
    duration: int
    made_at: float


class Assertions:
    """The assertions that were made and not used."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.table("sso.assertions")

    def make(self, role_arn: str, provider_arn: str, user: str, duration: int) -> str:
        """Return the text of a new assertion."""
        text = secrets.token_urlsafe(48)
        made = Assertion(role_arn, provider_arn, user, duration, time.time())
        self._table.put(text, value=asdict(made))
        return text

    def find(self, text: str) -> Assertion | None:
        """Return the assertion of a text, None for one that is unknown, used or too old."""
        kept = self._table.get(text) if text.isascii() and text.isprintable() and text else None
        if kept is None:
            return None
        found = Assertion(**kept)
        return found if found.made_at + _LIFETIME > time.time() else None

    def take(self, text: str) -> Assertion | None:
        """Return the assertion of a text, which is then used up."""
        found = self.find(text)
        return found if found is not None and self._table.delete(text) else None

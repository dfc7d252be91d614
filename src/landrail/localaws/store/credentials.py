"""Temporary credentials, durable: what STS hands out and what authentication looks up."""

from __future__ import annotations

import secrets
import string
import time
from dataclasses import asdict, replace
from functools import lru_cache

from landrail.localaws.api import Caller, Credentials
from landrail.localaws.store.tables import Tables

_ALPHABET = string.ascii_uppercase + "234567"


class CredentialStore:
    """Sessions by access key id; none is forgotten before it expires."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.table("sts.credentials")
        self.find = lru_cache(maxsize=4096)(self._find)

    def issue(self, caller: Caller, duration: float) -> Credentials:
        """Make credentials for a session that ends after `duration` seconds."""
        key = "ASIA" + "".join(secrets.choice(_ALPHABET) for _ in range(16))
        secret, token = secrets.token_urlsafe(30), "lrt1" + secrets.token_urlsafe(120)
        expiration = time.time() + duration
        # A session comes from wherever its calls do, not from where it was asked for.
        fields = asdict(replace(caller, origin=None)) | {"access_key_id": key}
        self._table.put(
            key,
            value={"secret": secret, "token": token, "expiration": expiration, "caller": fields},
        )
        return Credentials(key, secret, token, expiration, _caller(fields))

    def _find(self, access_key_id: str) -> Credentials | None:
        kept = self._table.get(access_key_id)
        if kept is None:
            return None
        return Credentials(
            access_key_id,
            kept["secret"],
            kept["token"],
            kept["expiration"],
            _caller(kept["caller"]),
        )


def _caller(fields: dict[str, object]) -> Caller:
    values = dict(fields)
    for name in ("session_policies", "called_via"):
        values[name] = tuple(values[name])  # type: ignore[arg-type]  # JSON has no tuples
    return Caller(**values)  # type: ignore[arg-type]  # written by asdict above

"""Virtual MFA devices of users: whose a device is, and whether a code is its code now.

Codes are those of RFC 6238, as authenticator applications show them: HMAC-SHA1, six digits, thirty
seconds. A code is good once. The devices themselves are IAM's.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
from dataclasses import dataclass
from typing import Any

from moto.iam.models import iam_backends

from landrail.localaws.store.engine import MOTO_LOCK
from landrail.localaws.store.tables import Tables

_STEP = 30
_NEAR = 1
_RECENT = 10


@dataclass(frozen=True, slots=True)
class Device:
    """A virtual device; `user_arn` of the user it is enabled for, None while it is not."""

    serial: str
    seed: str
    user_arn: str | None


def device(serial: str) -> Device | None:
    """Return the virtual device of a serial number."""
    account = serial.split(":")[4] if serial.count(":") >= 5 else ""
    with MOTO_LOCK:
        if account not in iam_backends:
            return None
        found: Any = iam_backends[account]["aws"].virtual_mfa_devices.get(serial)
        if found is None:
            return None
        user = found.user.arn if found.user is not None else None
        return Device(serial, found.base32_string_seed, user)


def code(seed: str, step: int) -> str:
    """Return the code of a seed in a step of thirty seconds."""
    key = base64.b32decode(seed)
    digest = hmac.new(key, step.to_bytes(8, "big"), hashlib.sha1).digest()
    place = digest[-1] & 0x0F
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


class MfaCodes:
    """Checks codes, and remembers the last one of each device."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.table("sts.mfa")
        self._lock = threading.Lock()

    def take(self, found: Device, given: str, now: float) -> bool:
        """Say whether this is a code of the device now, that was not given before."""
        current = int(now) // _STEP
        with self._lock:
            last = int((self._table.get(found.serial) or {"step": 0})["step"])
            for step in range(max(current - _NEAR, last + 1), current + _NEAR + 1):
                if _same(code(found.seed, step), given):
                    self._table.put(found.serial, value={"step": step})
                    return True
        return False

    def take_two(self, found: Device, first: str, second: str, now: float) -> bool:
        """Say whether these are two codes of the device, one after the other, of late."""
        current = int(now) // _STEP
        for step in range(current - _RECENT, current + _NEAR + 1):
            if _same(code(found.seed, step), first) and _same(code(found.seed, step + 1), second):
                return True
        return False


def _same(wanted: str, given: str) -> bool:
    return hmac.compare_digest(wanted.encode(), given.encode())

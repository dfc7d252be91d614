"""What the gateway reads of moto's state directly, because no API of AWS gives it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.iam.models import iam_backends

from landrail.localaws.api import Caller
from landrail.localaws.store.engine import MOTO_LOCK

PARTITION = "aws"


@dataclass(frozen=True, slots=True)
class UserKey:
    """An access key of an IAM user."""

    account: str
    user_name: str
    user_arn: str
    user_id: str
    secret: str
    active: bool


def access_key(access_key_id: str) -> UserKey | None:
    """Find an IAM user's access key in any account."""
    with MOTO_LOCK:
        for account in list(iam_backends):
            backend: Any = iam_backends[account][PARTITION]
            key = backend.access_keys.get(access_key_id)
            if key is None:
                continue
            user = backend.users.get(key.user_name)
            if user is None:
                return None
            return UserKey(
                account,
                user.name,
                user.arn,
                user.id,
                key.secret_access_key,
                key.status == "Active",
            )
    return None


def stands(caller: Caller) -> bool:
    """Say whether the role or user that a session is of is still there: the same one, by its
    unique id, and not one made anew under its name."""
    if caller.kind not in ("session", "user", "federated") or caller.account is None:
        return True
    with MOTO_LOCK:
        if caller.account not in iam_backends:
            return False
        backend: Any = iam_backends[caller.account][PARTITION]
        if caller.kind == "session":
            role = backend.roles.get(caller.user_id.partition(":")[0])
            return role is not None and role.arn == caller.role_arn
        arn = caller.role_arn if caller.kind == "federated" else caller.arn
        user = backend.users.get((arn or "").rpartition("/")[2])
        if user is None or caller.kind == "user":
            return user is not None and user.id == caller.user_id
        return _seconds(user.create_date) <= (caller.issued_at or 0)


def _seconds(moment: datetime) -> float:
    return moment.replace(tzinfo=UTC).timestamp() if moment.tzinfo is None else moment.timestamp()

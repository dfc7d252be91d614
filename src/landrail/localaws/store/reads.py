"""What the gateway reads of moto's state directly, because no API of AWS gives it away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from moto.iam.models import iam_backends

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

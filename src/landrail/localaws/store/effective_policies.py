"""The effective policy of an account by type: what its organization's policies come to now."""

from __future__ import annotations

from typing import Any

from landrail.localaws.store.engine import MOTO_LOCK
from landrail.localaws.store.inherited import effective
from landrail.localaws.store.sources import organizations


def effective_policy(account: str, kind: str) -> dict[str, Any] | None:
    """Return the effective policy of a management type; None where no policy is in force. Raises
    ValueError for a policy that cannot be read."""
    with MOTO_LOCK:
        levels = organizations.levels(account, kind)
    return effective([[text for _, text in level] for _, level in levels])

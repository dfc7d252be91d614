"""What is switched off inside moto, because the gate in front of it decides, or because it would
give what was not asked for. Each touched internal has a test that fails when moto changes it."""

from __future__ import annotations

from typing import Any

import landrail.localaws.store.settings  # noqa: F401  (moto reads its settings at import)
from moto.core import responses
from moto.iam import models as iam_models
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket


def _neutral(_bucket: FakeBucket, _action: str, _resource: str) -> PermissionResult:
    """moto half-evaluates bucket policies (no principal, no condition): a policy that demands TLS
    would refuse everything."""
    return PermissionResult.NEUTRAL


def _unvisited(**_visit: Any) -> None:
    """moto opens accounts and bookkeeping at every request, by the key; ours is in the trail."""


def neutralize() -> None:
    """Switch off moto's own decisions; idempotent."""
    FakeBucket.get_permission = _neutral
    iam_models.mark_account_as_visited = _unvisited
    # A caller of ours is authenticated already, and is never anonymous to moto.
    responses.settings.INITIAL_NO_AUTH_ACTION_COUNT = float("inf")

"""The public access settings that S3 policies of the organization turn on in an account.

Source: Organizations User Guide, "Amazon S3 policies".
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from landrail.localaws.store.engine import MOTO_LOCK
from landrail.localaws.store.inherited import effective
from landrail.localaws.store.sources import organizations

SETTINGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
TYPE = "S3_POLICY"
Levels = tuple[tuple[str, ...], ...]


def organization_blocks(account: str) -> Mapping[str, bool] | None:
    """Return the settings of an account that its organization sets; None where it sets none."""
    with MOTO_LOCK:
        found = organizations.levels(account, TYPE)
    on = assigned_blocks(tuple(tuple(text for _, text in level) for _, level in found))
    return None if on is None else {setting: setting in on for setting in SETTINGS}


@lru_cache(maxsize=1024)
def assigned_blocks(levels: Levels) -> frozenset[str] | None:
    """Return the settings that policies by level, root first, turn on; None for nothing said. What
    cannot be read turns all on."""
    if not any(levels):
        return None
    try:
        found = (effective(levels) or {})["s3_attributes"]["public_access_block_configuration"]
    except (ValueError, KeyError, TypeError, RecursionError):
        found = "all"
    return frozenset() if found == "none" else frozenset(SETTINGS)

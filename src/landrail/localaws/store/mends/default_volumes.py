"""An account that encrypts volumes by default encrypts those too that come with an instance; moto
keeps the setting and does not look at it.

Each touched internal has a test that fails when moto changes it.
Source: EBS User Guide, "Enable Amazon EBS encryption by default".
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.elastic_block_store import EBSBackend, Volume

_CREATE = EBSBackend.create_volume


def _create(
    backend: Any,
    size: int,
    zone_name: str,
    snapshot_id: str | None = None,
    encrypted: bool = False,
    *given: Any,
    **named: Any,
) -> Volume:
    encrypted = encrypted or backend.get_ebs_encryption_by_default()
    return _CREATE(backend, size, zone_name, snapshot_id, encrypted, *given, **named)


# class, attribute, what it becomes
TOUCHED: tuple[tuple[Any, str, Any], ...] = ((EBSBackend, "create_volume", _create),)

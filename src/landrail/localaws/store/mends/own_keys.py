"""Keys of KMS behind `alias/aws/...` are AWS's own, which turn by themselves; moto's are a
customer's that stay as they are.

Each touched internal has a test that fails when moto changes it.
Source: KMS Developer Guide, "AWS managed keys" and "Rotate AWS KMS keys".
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import utcnow
from moto.kms.models import Alias, KmsBackend

_CREATE = KmsBackend.create_alias


def _create(backend: KmsBackend, target_key_id: str, alias_name: str) -> Alias:
    made = _CREATE(backend, target_key_id, alias_name)
    if alias_name.startswith("alias/aws/"):
        key: Any = backend.keys[made.target_key_id]
        key.key_manager, key.key_rotation_status = "AWS", True
        key.landrail_rotation_since = utcnow()
    return made


# class, attribute, what it becomes
TOUCHED: tuple[tuple[Any, str, Any], ...] = ((KmsBackend, "create_alias", _create),)

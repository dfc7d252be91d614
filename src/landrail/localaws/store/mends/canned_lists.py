"""Lists that a name stands for (`public-read-write`), one permission a grant as S3 has them: of a
grant of two, moto answers the first alone.

Each touched internal has a test that fails when moto changes it.
"""

from __future__ import annotations

from typing import Any

from moto.s3 import models, responses
from moto.s3.models import FakeAcl, FakeGrant

_CANNED = models.get_canned_acl


def _one_each(acl: str) -> FakeAcl:
    return FakeAcl(
        [
            FakeGrant(grant.grantees, [permission])
            for grant in _CANNED(acl).grants
            for permission in grant.permissions
        ]
    )


# module or class, attribute, what it becomes
TOUCHED: tuple[tuple[Any, str, Any], ...] = (
    (models, "get_canned_acl", _one_each),
    (responses, "get_canned_acl", _one_each),
)

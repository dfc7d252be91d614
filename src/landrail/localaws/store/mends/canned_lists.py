"""Access control lists: those that a name stands for (`public-read-write`) have one permission a
grant as S3's do, where of a grant of two moto answers the first alone; and a list may grant nothing
to anybody, where moto forgets it.

Each touched internal has a test that fails when moto changes it.
"""

from __future__ import annotations

from typing import Any

from moto.s3 import models, responses
from moto.s3.models import FakeAcl, FakeGrant
from moto.s3.responses import S3Response

_CANNED = models.get_canned_acl
_FROM_BODY = S3Response._acl_from_body


def _one_each(acl: str) -> FakeAcl:
    return FakeAcl(
        [
            FakeGrant(grant.grantees, [permission])
            for grant in _CANNED(acl).grants
            for permission in grant.permissions
        ]
    )


def _from_body(response: S3Response) -> FakeAcl:
    return _FROM_BODY(response) or FakeAcl([])


# module or class, attribute, what it becomes
TOUCHED: tuple[tuple[Any, str, Any], ...] = (
    (models, "get_canned_acl", _one_each),
    (responses, "get_canned_acl", _one_each),
    (S3Response, "_acl_from_body", _from_body),
)

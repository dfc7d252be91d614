"""Organizations' policies for S3, a type that moto does not have yet.

Each touched internal has a test that fails when moto changes it.
Source: Organizations User Guide, "Amazon S3 policies".
"""

from __future__ import annotations

from typing import Any

from moto.organizations.models import FakePolicy, FakeRoot

TYPE = "S3_POLICY"
_ARN = "arn:{0}:organizations::{1}:policy/{2}/s3_policy/{3}"
_HELD_AS = "TAG_POLICY"
_make = FakePolicy.__init__


def _made(self: FakePolicy, organization: Any, **given: Any) -> None:
    """A policy for S3 is kept as moto keeps tag policies, under its own type and ARN."""
    if given.get("Type") != TYPE:
        _make(self, organization, **given)
        return
    _make(self, organization, **{**given, "Type": _HELD_AS})
    self.type, self._arn_format = TYPE, _ARN


TOUCHED: tuple[tuple[Any, str, Any], ...] = (
    (FakePolicy, "__init__", _made),
    (FakePolicy, "SUPPORTED_POLICY_TYPES", [*FakePolicy.SUPPORTED_POLICY_TYPES, TYPE]),
    (FakeRoot, "SUPPORTED_POLICY_TYPES", [*FakeRoot.SUPPORTED_POLICY_TYPES, TYPE]),
)

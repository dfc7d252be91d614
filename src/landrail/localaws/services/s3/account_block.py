"""The public access block of an account as it is in force: where an S3 policy of the organization
sets it, that is what is told. To change it there is refused at the gate.

Source: S3 API Reference, GetPublicAccessBlock of S3 Control; Organizations User Guide, "Amazon S3
policies".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation, Platform
from landrail.localaws.store import organization_blocks

_BLOCK = "PublicAccessBlockConfiguration"
_NONE = 404


class AccountBlock:
    """The operations that tell of it."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {"GetPublicAccessBlock": self._get}

    def _get(self, call: ApiCall) -> Mapping[str, Any]:
        set_above = organization_blocks(str(call.params["AccountId"]))
        try:
            told = self._platform.perform(call)
        except ApiError as error:
            if set_above is None or error.status != _NONE:
                raise
            told = {}
        own = told.get(_BLOCK) or {}
        # The most restrictive of the two is what counts.
        both = {name: on or bool(own.get(name)) for name, on in (set_above or own).items()}
        return {_BLOCK: both}

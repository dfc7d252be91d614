"""Volumes where an account encrypts them by default: under the default key, whatever is asked.

Source: EBS User Guide, "Enable Amazon EBS encryption by default".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from landrail.localaws.api import ApiCall, Operation, Platform

_PRINCIPAL = "ec2.amazonaws.com"


class Volumes:
    """The making of volumes; `key` tells the default key of the account of a call."""

    def __init__(self, platform: Platform, key: Callable[[ApiCall], str]) -> None:
        self._platform = platform
        self._key = key

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {"CreateVolume": self._create}

    def _create(self, call: ApiCall) -> Mapping[str, Any]:
        asked = replace(call, operation="GetEbsEncryptionByDefault", params={}, once="")
        by_default = self._platform.perform(asked)["EbsEncryptionByDefault"]
        params = dict(call.params)
        if by_default:
            params["Encrypted"] = True
        key = self._key(call)
        if params.get("Encrypted") and not params.get("KmsKeyId") and key.startswith("arn:"):
            # As the caller: who may not use the key gets no volume under it.
            caller = replace(call.caller, called_via=(*call.caller.called_via, _PRINCIPAL))
            drawn = {"KeyId": key, "NumberOfBytes": 64}
            self._platform.call(
                caller, "kms", "GenerateDataKeyWithoutPlaintext", drawn, region=call.region
            )
            params["KmsKeyId"] = key
        return self._platform.perform(replace(call, params=params))

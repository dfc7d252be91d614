"""Enabling a virtual MFA device for a user, by two codes of it one after the other.

Source: IAM API Reference, EnableMFADevice and ResyncMFADevice.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from landrail.localaws.api import Answering, ApiCall, ApiError, Door, Operation, Platform
from landrail.localaws.store import Blobs, Device, MfaCodes, Tables, mfa_device


class Mfa(Answering):
    """The part of IAM that knows codes."""

    name = "iam"
    owned = False
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(self, platform: Platform, codes: MfaCodes) -> None:
        self._platform = platform
        self._codes = codes
        self.operations: Mapping[str, Operation] = {
            "EnableMFADevice": self.enable,
            "ResyncMFADevice": self.resync,
        }

    def enable(self, call: ApiCall) -> Mapping[str, Any]:
        """Give a device to a user."""
        found = self._device(call)
        if found.user_arn is not None:
            raise ApiError(
                "EntityAlreadyExists", "MFADevice entity at the same path and name exists.", 409
            )
        self._check(call, found)
        return self._platform.perform(call)

    def resync(self, call: ApiCall) -> Mapping[str, Any]:
        """Take note of two codes; the clocks here and there are the same."""
        found = self._device(call)
        if (found.user_arn or "").rpartition("/")[2] != call.params["UserName"]:
            raise _missing(found.serial)
        self._check(call, found)
        return {}

    def _device(self, call: ApiCall) -> Device:
        serial = str(call.params["SerialNumber"])
        found = mfa_device(serial)
        if found is None or serial.split(":")[4] != call.account:
            raise _missing(serial)
        return found

    def _check(self, call: ApiCall, found: Device) -> None:
        one, two = call.params["AuthenticationCode1"], call.params["AuthenticationCode2"]
        if not self._codes.take_two(found, str(one), str(two), time.time()):
            raise ApiError(
                "InvalidAuthenticationCode", "Authentication code for device is not valid.", 403
            )


def _missing(serial: str) -> ApiError:
    return ApiError(
        "NoSuchEntity", f"VirtualMFADevice with serial number {serial} does not exist.", 404
    )


def build(platform: Platform, tables: Tables, blobs: Blobs) -> Mfa:
    """Build the service."""
    del blobs
    return Mfa(platform, MfaCodes(tables))

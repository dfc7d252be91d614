"""EC2's settings of an account in a region, as baselines set them: the default key of volumes,
what snapshots and images may be shared, the metadata service, the serial console.

They are kept and told, like everything of EC2 here: there are no instances that they could bind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from landrail.localaws.api import Answering, ApiCall, ApiError, Door, Operation, Platform
from landrail.localaws.store import Blobs, Tables

_PRINCIPAL = "ec2.amazonaws.com"
_KEY = "alias/aws/ebs"
_OPEN = "unblocked"
_NONE = ("no-preference", -1)
_SHARED = ("block-all-sharing", "block-new-sharing")
_METADATA = (
    *("HttpTokens", "HttpPutResponseHopLimit", "HttpEndpoint", "InstanceMetadataTags"),
    "HttpTokensEnforced",
)


def build(platform: Platform, tables: Tables, blobs: Blobs) -> Ec2:
    """Return the service."""
    del blobs
    return Ec2(platform, tables)


class Ec2(Answering):
    """The settings of accounts."""

    name = "ec2"
    owned = False
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(self, platform: Platform, tables: Tables) -> None:
        self._platform = platform
        self._table = tables.table("ec2.settings")
        operations: dict[str, Operation] = {
            "GetEbsDefaultKmsKeyId": self._key,
            "ModifyEbsDefaultKmsKeyId": self._put_key,
            "ResetEbsDefaultKmsKeyId": lambda call: self._key(self._set(call, key=_KEY)),
            "GetInstanceMetadataDefaults": self._metadata,
            "ModifyInstanceMetadataDefaults": self._put_metadata,
            "GetSnapshotBlockPublicAccessState": self._snapshots,
            "EnableSnapshotBlockPublicAccess": self._block_snapshots,
            "DisableSnapshotBlockPublicAccess": lambda call: {
                "State": self._get(self._set(call, snapshots=_OPEN), "snapshots", _OPEN)
            },
            "GetImageBlockPublicAccessState": self._images,
            "EnableImageBlockPublicAccess": lambda call: self._told(call, "block-new-sharing"),
            "DisableImageBlockPublicAccess": lambda call: self._told(call, _OPEN),
            "GetSerialConsoleAccessStatus": self._console,
            "EnableSerialConsoleAccess": lambda call: self._console(self._set(call, console=True)),
            "DisableSerialConsoleAccess": lambda call: self._console(
                self._set(call, console=False)
            ),
        }
        self.operations: Mapping[str, Operation] = {
            name: _tried(operation) for name, operation in operations.items()
        }

    def _get(self, call: ApiCall, name: str, otherwise: Any) -> Any:
        return (self._table.get(call.account, call.region) or {}).get(name, otherwise)

    def _set(self, call: ApiCall, **settings: Any) -> ApiCall:
        kept = self._table.get(call.account, call.region) or {}
        self._table.put(call.account, call.region, value={**kept, **settings})
        return call

    def _key(self, call: ApiCall) -> Mapping[str, Any]:
        return {"KmsKeyId": self._get(call, "key", _KEY)}

    def _put_key(self, call: ApiCall) -> Mapping[str, Any]:
        asked = {"KeyId": call.params["KmsKeyId"]}
        # As the caller: who may not look at a key cannot learn of it here.
        caller = replace(call.caller, called_via=(*call.caller.called_via, _PRINCIPAL))
        answer = self._platform.call(caller, "kms", "DescribeKey", asked, region=call.region)
        key = answer["KeyMetadata"]
        if key["KeyState"] != "Enabled":
            raise ApiError("InvalidKmsKey.InvalidState", f"The key is {key['KeyState']}.")
        return self._key(self._set(call, key=key["Arn"]))

    def _metadata(self, call: ApiCall) -> Mapping[str, Any]:
        return {"AccountLevel": self._get(call, "metadata", {})}

    def _put_metadata(self, call: ApiCall) -> Mapping[str, Any]:
        asked = {name: call.params[name] for name in _METADATA if name in call.params}
        found = {**self._get(call, "metadata", {}), **asked}
        self._set(call, metadata={k: v for k, v in found.items() if v not in _NONE})
        return {"Return": True}

    def _snapshots(self, call: ApiCall) -> Mapping[str, Any]:
        return {"State": self._get(call, "snapshots", _OPEN), "ManagedBy": "account"}

    def _block_snapshots(self, call: ApiCall) -> Mapping[str, Any]:
        state = call.params["State"]
        if state not in _SHARED:
            raise ApiError("InvalidParameterValue", f"State is one of {', '.join(_SHARED)}.")
        self._set(call, snapshots=state)
        return {"State": state}

    def _images(self, call: ApiCall) -> Mapping[str, Any]:
        state = self._get(call, "images", _OPEN)
        return {"ImageBlockPublicAccessState": state, "ManagedBy": "account"}

    def _told(self, call: ApiCall, state: str) -> Mapping[str, Any]:
        self._set(call, images=state)
        return {"ImageBlockPublicAccessState": state}

    def _console(self, call: ApiCall) -> Mapping[str, Any]:
        return {"SerialConsoleAccessEnabled": self._get(call, "console", False)}


def _tried(operation: Operation) -> Operation:
    """Have an operation keep from acting where it is only tried."""

    def run(call: ApiCall) -> Mapping[str, Any]:
        if call.params.get("DryRun"):
            raise ApiError(
                "DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412
            )
        return operation(call)

    return run

"""EC2's settings of an account in a region, as baselines set them: the default key of volumes,
what snapshots and images may be shared, the metadata service, the serial console.

They are kept and told, and bind what the store makes: volumes by the default key, the sharing of
snapshots and images. What a declarative policy of the organization sets stands before them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from landrail.localaws.api import Answering, ApiCall, ApiError, Door, Operation, Platform
from landrail.localaws.services.ec2.declared import Declared, refuse_declared
from landrail.localaws.services.ec2.sharing import Sharing
from landrail.localaws.services.ec2.volumes import Volumes
from landrail.localaws.store import Blobs, Tables

_PRINCIPAL = "ec2.amazonaws.com"
_KEY = "alias/aws/ebs"
_OPEN = "unblocked"
_DECLARED = "declarative-policy"
_GATEWAY_MODES = ("off", "block-bidirectional", "block-ingress")
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
            "DisableSnapshotBlockPublicAccess": self._open_snapshots,
            "GetImageBlockPublicAccessState": self._images,
            "EnableImageBlockPublicAccess": lambda call: self._told(call, "block-new-sharing"),
            "DisableImageBlockPublicAccess": lambda call: self._told(call, _OPEN),
            "GetSerialConsoleAccessStatus": self._console,
            "EnableSerialConsoleAccess": lambda call: self._put_console(call, on=True),
            "DisableSerialConsoleAccess": lambda call: self._put_console(call, on=False),
            "DescribeVpcBlockPublicAccessOptions": self._gateways,
            "ModifyVpcBlockPublicAccessOptions": self._put_gateways,
        }
        self.operations: Mapping[str, Operation] = {
            **{name: _tried(operation) for name, operation in operations.items()},
            **Sharing(platform, self._snapshot_state, self._image_state).operations(),
            **Volumes(platform, lambda call: str(self._key(call)["KmsKeyId"])).operations(),
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
        declared = Declared(call.account)
        found = declared.metadata()
        if found is None:
            return {"AccountLevel": self._get(call, "metadata", {})}
        words = {"ManagedExceptionMessage": declared.message} if declared.message else {}
        return {"AccountLevel": {**found, "ManagedBy": _DECLARED, **words}}

    def _put_metadata(self, call: ApiCall) -> Mapping[str, Any]:
        refuse_declared(call, "instance_metadata_defaults")
        asked = {name: call.params[name] for name in _METADATA if name in call.params}
        found = {**self._get(call, "metadata", {}), **asked}
        self._set(call, metadata={k: v for k, v in found.items() if v not in _NONE})
        return {"Return": True}

    def _snapshot_state(self, call: ApiCall) -> str:
        return Declared(call.account).snapshots() or str(self._get(call, "snapshots", _OPEN))

    def _snapshots(self, call: ApiCall) -> Mapping[str, Any]:
        managed = _by(Declared(call.account).snapshots())
        return {"State": self._snapshot_state(call), "ManagedBy": managed}

    def _block_snapshots(self, call: ApiCall) -> Mapping[str, Any]:
        refuse_declared(call, "snapshot_block_public_access")
        state = call.params["State"]
        if state not in _SHARED:
            raise ApiError("InvalidParameterValue", f"State is one of {', '.join(_SHARED)}.")
        self._set(call, snapshots=state)
        return {"State": state}

    def _open_snapshots(self, call: ApiCall) -> Mapping[str, Any]:
        refuse_declared(call, "snapshot_block_public_access")
        self._set(call, snapshots=_OPEN)
        return {"State": _OPEN}

    def _image_state(self, call: ApiCall) -> str:
        return Declared(call.account).images() or str(self._get(call, "images", _OPEN))

    def _images(self, call: ApiCall) -> Mapping[str, Any]:
        managed = _by(Declared(call.account).images())
        return {"ImageBlockPublicAccessState": self._image_state(call), "ManagedBy": managed}

    def _told(self, call: ApiCall, state: str) -> Mapping[str, Any]:
        refuse_declared(call, "image_block_public_access")
        self._set(call, images=state)
        return {"ImageBlockPublicAccessState": state}

    def _console(self, call: ApiCall) -> Mapping[str, Any]:
        declared = Declared(call.account).console()
        on = self._get(call, "console", False) if declared is None else declared
        return {"SerialConsoleAccessEnabled": on, "ManagedBy": _by(declared)}

    def _put_console(self, call: ApiCall, *, on: bool) -> Mapping[str, Any]:
        refuse_declared(call, "serial_console_access")
        self._set(call, console=on)
        return {"SerialConsoleAccessEnabled": on}

    def _gateways(self, call: ApiCall) -> Mapping[str, Any]:
        declared = Declared(call.account).gateways()
        own = {"InternetGatewayBlockMode": self._get(call, "gateways", "off")}
        options = {
            "AwsAccountId": call.account,
            "AwsRegion": call.region,
            "State": "update-complete"
            if declared or own["InternetGatewayBlockMode"] != "off"
            else "default-state",
            "ManagedBy": _by(declared),
            "ExclusionsAllowed": "allowed",
            **(declared or own),
        }
        return {"VpcBlockPublicAccessOptions": options}

    def _put_gateways(self, call: ApiCall) -> Mapping[str, Any]:
        refuse_declared(call, "vpc_block_public_access")
        mode = call.params["InternetGatewayBlockMode"]
        if mode not in _GATEWAY_MODES:
            modes = ", ".join(_GATEWAY_MODES)
            raise ApiError("InvalidParameterValue", f"InternetGatewayBlockMode is one of {modes}.")
        return self._gateways(self._set(call, gateways=mode))


def _by(declared: object | None) -> str:
    """Who set a setting, as EC2 says it."""
    return "account" if declared is None else _DECLARED


def _tried(operation: Operation) -> Operation:
    """Have an operation keep from acting where it is only tried."""

    def run(call: ApiCall) -> Mapping[str, Any]:
        if call.params.get("DryRun"):
            raise ApiError(
                "DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412
            )
        return operation(call)

    return run

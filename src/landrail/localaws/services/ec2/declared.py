"""What a declarative policy of the organization sets for EC2 in an account: told in place of the
account's own settings, which nobody in the account can change meanwhile.

Source: Organizations User Guide, "Declarative policies", "Declarative policy syntax and examples".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError
from landrail.localaws.store import effective_policy

_TYPE = "DECLARATIVE_POLICY_EC2"
_NO_PREFERENCE = "no-preference"
_METADATA = {
    "http_tokens": "HttpTokens",
    "http_put_response_hop_limit": "HttpPutResponseHopLimit",
    "http_endpoint": "HttpEndpoint",
    "instance_metadata_tags": "InstanceMetadataTags",
    "http_tokens_enforced": "HttpTokensEnforced",
}


class Declared:
    """The settings that a policy declares for the account of a call; None for one that it leaves
    to the account."""

    def __init__(self, account: str) -> None:
        policy = effective_policy(account, _TYPE) or {}
        self._settings: Mapping[str, Any] = policy.get("ec2_attributes") or {}

    @property
    def message(self) -> str | None:
        """The organization's own words to those who try to change a setting."""
        found = self._settings.get("exception_message")
        return None if found is None else str(found)

    def images(self) -> str | None:
        """Return the state of the block of public images."""
        return self._spelled("image_block_public_access", "state")

    def snapshots(self) -> str | None:
        """Return the state of the block of public snapshots."""
        return self._spelled("snapshot_block_public_access", "state")

    def console(self) -> bool | None:
        """Return whether the serial console may be reached."""
        found = self._spelled("serial_console_access", "status")
        return None if found is None else found == "enabled"

    def metadata(self) -> dict[str, Any] | None:
        """Return the defaults of the metadata service, as EC2 spells them."""
        found = self._settings.get("instance_metadata_defaults")
        if not isinstance(found, Mapping):
            return None
        told: dict[str, Any] = {}
        for name, spelled in _METADATA.items():
            value = _hyphened(found.get(name))
            if name == "http_put_response_hop_limit" and value is not None:
                value = int(value)
            if value not in (None, _NO_PREFERENCE, -1):
                told[spelled] = value
        return told

    def gateways(self) -> dict[str, str] | None:
        """Return the mode of the block of internet gateways and whether exclusions are allowed."""
        block = (self._settings.get("vpc_block_public_access") or {}).get("internet_gateway_block")
        if not isinstance(block, Mapping):
            return None
        exclusions = block.get("exclusions_allowed", "enabled") == "enabled"
        return {
            "InternetGatewayBlockMode": str(_hyphened(block.get("mode"))),
            "ExclusionsAllowed": "allowed" if exclusions else "not-allowed",
        }

    def names(self, setting: str) -> bool:
        """Return whether the policy declares a setting, by its name there."""
        return setting in self._settings

    def _spelled(self, setting: str, member: str) -> str | None:
        found = (self._settings.get(setting) or {}).get(member)
        return None if found is None else str(_hyphened(found))


def refuse_declared(call: ApiCall, setting: str) -> None:
    """Raise ApiError where a policy declares what the call would change."""
    declared = Declared(call.account)
    if not declared.names(setting):
        return
    own = f" Custom Message: {declared.message}" if declared.message else ""
    raise ApiError(
        "DeclarativePolicyViolation",
        f"This functionality has been disabled by a Declarative Policy.{own}",
        400,
    )


def _hyphened(value: Any) -> Any:
    return value.replace("_", "-") if isinstance(value, str) else value

"""Systems Manager's service settings, such as whether documents may be shared with everybody,
which one of them then decides.

Source: Systems Manager API Reference, GetServiceSetting, UpdateServiceSetting; User Guide,
"Blocking public sharing for SSM documents".
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from landrail.localaws.api import Answering, ApiCall, ApiError, Door, Operation, Platform
from landrail.localaws.store import Blobs, Tables

_SHARING = "/ssm/documents/console/public-sharing-permission"
_EVERYBODY = ("all", "All")
# What a setting is where nobody has set it, and what it may be; None where any text will do.
_SETTINGS: Mapping[str, tuple[str, frozenset[str] | None]] = {
    _SHARING: ("Enable", frozenset({"Enable", "Disable"})),
    "/ssm/parameter-store/high-throughput-enabled": ("false", frozenset({"true", "false"})),
    "/ssm/parameter-store/default-parameter-tier": (
        "Standard",
        frozenset({"Standard", "Advanced", "Intelligent-Tiering"}),
    ),
    "/ssm/managed-instance/activation-tier": ("standard", frozenset({"standard", "advanced"})),
    "/ssm/managed-instance/default-ec2-instance-management-role": ("$None", None),
    "/ssm/automation/customer-script-log-destination": ("None", frozenset({"None", "CloudWatch"})),
    "/ssm/automation/customer-script-log-group-name": ("None", None),
    "/ssm/opsinsights/opscenter": ("Disabled", frozenset({"Enabled", "Disabled"})),
}


def build(platform: Platform, tables: Tables, blobs: Blobs) -> Ssm:
    """Return the service."""
    del blobs
    return Ssm(platform, tables)


class Ssm(Answering):
    """The settings, and the sharing of documents that one of them bounds."""

    name = "ssm"
    owned = False
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(self, platform: Platform, tables: Tables) -> None:
        self._platform = platform
        self._table = tables.table("ssm.settings")
        self.operations: Mapping[str, Operation] = {
            "GetServiceSetting": self._get,
            "UpdateServiceSetting": self._update,
            "ResetServiceSetting": self._reset,
            "ModifyDocumentPermission": self._share,
        }

    def _get(self, call: ApiCall) -> Mapping[str, Any]:
        name = _setting(call)
        kept = self._table.get(call.account, call.region, name) or {}
        return {
            "ServiceSetting": {
                "SettingId": name,
                "SettingValue": kept.get("value", _SETTINGS[name][0]),
                "LastModifiedDate": kept.get("changed", 0.0),
                "LastModifiedUser": kept.get("by", "System"),
                "ARN": f"arn:aws:ssm:{call.region}:{call.account}:servicesetting{name}",
                "Status": "Customized" if kept else "Default",
            }
        }

    def _update(self, call: ApiCall) -> Mapping[str, Any]:
        name, value = _setting(call), str(call.params["SettingValue"])
        known = _SETTINGS[name][1]
        if known is not None and value not in known:
            raise ApiError(
                "ValidationException", f"{name} is one of {', '.join(sorted(known))}, not {value}."
            )
        kept = {"value": value, "changed": time.time(), "by": call.caller.arn}
        self._table.put(call.account, call.region, name, value=kept)
        return {}

    def _reset(self, call: ApiCall) -> Mapping[str, Any]:
        self._table.delete(call.account, call.region, _setting(call))
        return self._get(call)

    def _share(self, call: ApiCall) -> Mapping[str, Any]:
        with_everybody = any(one in _EVERYBODY for one in call.params.get("AccountIdsToAdd") or ())
        kept = self._table.get(call.account, call.region, _SHARING) or {}
        if with_everybody and kept.get("value") == "Disable":
            raise ApiError(
                "DocumentPermissionLimit",
                "Sharing documents with everybody is blocked in this account and Region.",
            )
        return self._platform.perform(call)


def _setting(call: ApiCall) -> str:
    """The setting by its id or its ARN."""
    name = "/" + str(call.params["SettingId"]).rpartition("servicesetting/")[2].lstrip("/")
    if name not in _SETTINGS:
        raise ApiError("ServiceSettingNotFound", f"The setting {name} is not there.")
    return name

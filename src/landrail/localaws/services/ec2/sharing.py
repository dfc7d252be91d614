"""Snapshots and images that are shared with everybody, which an account's block of public access
refuses: also where a declarative policy sets it.

Source: EBS User Guide, "Block public access for Amazon EBS snapshots"; EC2 User Guide, "Block
public access to your AMIs".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation, Platform

_EVERYBODY = "all"
_OPEN = "unblocked"
State = Callable[[ApiCall], str]


class Sharing:
    """The operations that share; `snapshots` and `images` tell the state in force for a call."""

    def __init__(self, platform: Platform, snapshots: State, images: State) -> None:
        self._platform = platform
        self._snapshots = snapshots
        self._images = images

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "ModifySnapshotAttribute": self._snapshot,
            "ModifyImageAttribute": self._image,
        }

    def _snapshot(self, call: ApiCall) -> Mapping[str, Any]:
        if _adds(call.params, "CreateVolumePermission", "GroupNames"):
            _refuse_blocked(self._snapshots(call), "snapshot")
        changes = call.params.get("CreateVolumePermission")
        if not changes:
            return self._platform.perform(call)
        # The store knows the older way to say it alone.
        answer: Mapping[str, Any] = {}
        kept = {k: v for k, v in call.params.items() if k != "CreateVolumePermission"}
        for kind in ("Add", "Remove"):
            given = changes.get(kind) or ()
            flat = {
                "OperationType": kind.lower(),
                "GroupNames": [one["Group"] for one in given if one.get("Group")],
                "UserIds": [one["UserId"] for one in given if one.get("UserId")],
            }
            asked = {**kept, "Attribute": "createVolumePermission", **_said(flat)}
            if given:
                answer = self._platform.perform(replace(call, params=asked, once=""))
        return answer

    def _image(self, call: ApiCall) -> Mapping[str, Any]:
        if _adds(call.params, "LaunchPermission", "UserGroups"):
            _refuse_blocked(self._images(call), "AMI")
        return self._platform.perform(call)


def _said(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if value}


def _adds(params: Mapping[str, Any], permission: str, groups: str) -> bool:
    """Whether everybody is given a permission, in either of the two ways to say so."""
    added = (params.get(permission) or {}).get("Add") or ()
    if any(one.get("Group") == _EVERYBODY for one in added):
        return True
    return params.get("OperationType") == "add" and _EVERYBODY in (params.get(groups) or ())


def _refuse_blocked(state: str, what: str) -> None:
    if state == _OPEN:
        return
    raise ApiError(
        "OperationNotPermitted",
        f"You can't publicly share this {what} because block public access is enabled in this "
        f"account and Region ({state}).",
    )

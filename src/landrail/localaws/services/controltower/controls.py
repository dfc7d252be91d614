"""Controls: enabled on OUs, a few at once, and never twice on the same one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation, Platform
from landrail.localaws.services.controltower.acting import Acting, Place
from landrail.localaws.services.controltower.catalogue import Control, controls, find_control
from landrail.localaws.services.controltower.governing import Governing
from landrail.localaws.services.controltower.lasting import Lasting, summary_of
from landrail.localaws.services.controltower.manifest import Manifest
from landrail.localaws.services.controltower.membership import check_management, unit_id
from landrail.localaws.services.controltower.records import (
    CHANGING,
    Document,
    Records,
    conflict,
    described,
    missing,
    paged,
)
from landrail.localaws.services.controltower.working import Worker

KIND = "control"
AT_ONCE = 10
"""So many operations on controls may be in progress."""
_FILTERS = {
    "controlIdentifiers": "control",
    "targetIdentifiers": "target",
    "enabledControlIdentifiers": "arn",
    "statuses": "status",
    "controlOperationTypes": "operation",
}


class Controls:
    """The operations about controls."""

    def __init__(
        self, platform: Platform, records: Records, worker: Worker, governing: Governing
    ) -> None:
        self._platform = platform
        self._records = records
        self._governing = governing
        self._lasting = Lasting(KIND, records.controls, records, worker, _operation)
        self._lasting.performed_by(self._perform, self._settle)

    def operations(self) -> Mapping[str, Operation]:
        """Return them by name."""
        return {
            "EnableControl": self.enable,
            "DisableControl": self.disable,
            "UpdateEnabledControl": self.update,
            "ResetEnabledControl": self.reset,
            "GetEnabledControl": self.get,
            "ListEnabledControls": self.list,
            "GetControlOperation": self._lasting.told("controlOperation"),
            "ListControlOperations": self.list_operations,
        }

    def enable(self, call: ApiCall) -> Mapping[str, Any]:
        """Begin to enable a control on an OU."""
        place, target = Place(call.account, call.region), str(call.params["targetIdentifier"])
        check_management(self._platform, place)
        zone = self._governing.zone(place)
        unit = unit_id(target)
        control = _control(str(call.params["controlIdentifier"]))
        if call.params.get("parameters"):
            raise _no_parameters()
        self._check_target(place, zone, unit, target, control)
        self._check_free(place, target)
        if self._on(place, control, target) is not None:
            raise conflict(f"Control {control.alias} is already enabled on {target}.")
        about = {"control": control.arn, "target": target}
        kept = {**about, "status": CHANGING}
        return self._lasting.make(call, "enabledcontrol", "ENABLE_CONTROL", kept, **about)

    def disable(self, call: ApiCall) -> Mapping[str, Any]:
        """Begin to take a control from an OU."""
        place = Place(call.account, call.region)
        check_management(self._platform, place)
        kept = self._named(place, call.params)
        self._check_free(place, kept["target"])
        self._records.controls.change(place, kept["arn"], leaving=True)
        return self._again(place, kept, "DISABLE_CONTROL")

    def update(self, call: ApiCall) -> Mapping[str, Any]:
        """Refuse: none of the controls here takes parameters."""
        self._named(Place(call.account, call.region), call.params)
        raise _no_parameters()

    def reset(self, call: ApiCall) -> Mapping[str, Any]:
        """Begin to put a control into force again."""
        place = Place(call.account, call.region)
        check_management(self._platform, place)
        kept = self._named(place, call.params)
        if _control(kept["control"]).statement is not None:
            raise ApiError(
                "ValidationException",
                "ResetEnabledControl is not supported for controls implemented with SCPs.",
                400,
            )
        self._check_free(place, kept["target"])
        return self._again(place, kept, "RESET_ENABLED_CONTROL")

    def get(self, call: ApiCall) -> Mapping[str, Any]:
        """Return an enabled control."""
        place = Place(call.account, call.region)
        kept = self._named(place, call.params)
        regions = self._governing.zone(place).regions
        shown = {**_shown(kept), "targetRegions": [{"name": region} for region in regions]}
        return {"enabledControlDetails": shown}

    def list(self, call: ApiCall) -> Mapping[str, Any]:
        """Return the enabled controls of an OU, or all."""
        place, only = Place(call.account, call.region), call.params.get("filter") or {}
        target = call.params.get("targetIdentifier")
        if target is not None:
            self._check_registered(place, self._governing.zone(place), str(target))
        found = []
        for kept in self._records.controls.all(place):
            tests = (
                ([target] if target else None, kept["target"]),
                (_globals(only.get("controlIdentifiers")), kept["control"]),
                (only.get("statuses"), kept["status"]),
            )
            if all(wanted is None or value in wanted for wanted, value in tests):
                found.append(_shown(kept))
        return paged(found, call.params, "enabledControls")

    def list_operations(self, call: ApiCall) -> Mapping[str, Any]:
        """Return the operations, the newest first."""
        place, only = Place(call.account, call.region), call.params.get("filter") or {}
        found = [
            _operation(one)
            for one in self._lasting.newest(place)
            if all(one[_FILTERS[name]] in wanted for name, wanted in only.items())
        ]
        return paged(found, call.params, "controlOperations")

    def _check_target(
        self, place: Place, zone: Manifest, unit: str, target: str, control: Control
    ) -> None:
        self._check_registered(place, zone, target)
        if control.rule and not zone.config:
            raise ApiError(
                "ValidationException",
                "Detective controls need the AWS Config integration of the landing zone.",
                400,
            )
        if self._governing.is_security(place, unit):
            raise ApiError(
                "ValidationException",
                f"Control {control.alias} cannot be enabled on the OU of the landing zone.",
                400,
            )

    def _check_registered(self, place: Place, zone: Manifest, target: str) -> None:
        """Up to 3.3, and where accounts are to be governed, an OU has to be registered first."""
        unit = unit_id(target)
        try:
            acting = Acting(self._platform, place)
            acting.organization("DescribeOrganizationalUnit", OrganizationalUnitId=unit)
        except ApiError as error:
            raise missing(f"Organizational unit {unit} does not exist.") from error
        if self._governing.is_security(place, unit) or (zone.modern and not zone.config):
            return
        if self._governing.governed(place, target) is None:
            raise missing(f"Organizational unit {unit} is not registered with AWS Control Tower.")

    def _check_free(self, place: Place, target: str) -> None:
        self._lasting.check_free(self._governing, place, target, most=AT_ONCE, beside=(KIND,))

    def _on(self, place: Place, control: Control, target: str) -> Document | None:
        for kept in self._records.controls.all(place):
            if (kept["control"], kept["target"]) == (control.arn, target):
                return kept
        return None

    def _named(self, place: Place, params: Mapping[str, Any]) -> Document:
        identifier = params.get("enabledControlIdentifier")
        if identifier:
            kept = self._records.controls.get(place, str(identifier))
        else:
            control = _control(str(params.get("controlIdentifier")))
            kept = self._on(place, control, str(params.get("targetIdentifier")))
        if kept is None:
            raise missing("The control is not enabled on the target.")
        return kept

    def _again(self, place: Place, kept: Document, operation: str) -> Mapping[str, Any]:
        about = {"control": kept["control"], "target": kept["target"]}
        return self._lasting.change(place, kept, operation, **about)

    def _perform(self, acting: Acting, operation: Document) -> None:
        zone, unit = self._governing.zone(acting.place), unit_id(operation["target"])
        control = controls()[operation["control"]]
        if operation["operation"] == "DISABLE_CONTROL":
            self._governing.drop_control(acting, zone, control, unit)
        else:
            self._governing.put_control(acting, zone, control, unit)

    def _settle(self, place: Place, operation: Document, succeeded: bool) -> None:
        if succeeded and operation["operation"] == "DISABLE_CONTROL":
            self._records.controls.drop(place, operation["arn"])
        else:
            self._records.controls.change(place, operation["arn"], leaving=False)
            self._lasting.settle(place, operation, succeeded)


def _control(identifier: str) -> Control:
    found = find_control(identifier)
    if found is None:
        raise missing(f"Control {identifier} does not exist.")
    return found


def _globals(identifiers: Any) -> list[str] | None:
    if identifiers is None:
        return None
    return [found.arn for found in map(find_control, identifiers) if found is not None]


def _no_parameters() -> ApiError:
    return ApiError("ValidationException", "The control takes no parameters.", 400)


def _shown(kept: Document) -> Document:
    return {
        "arn": kept["arn"],
        "controlIdentifier": kept["control"],
        "targetIdentifier": kept["target"],
        "statusSummary": summary_of(kept),
        "driftStatusSummary": {"driftStatus": "IN_SYNC"},
    }


def _operation(operation: Document) -> Document:
    return described(
        operation,
        controlIdentifier=operation["control"],
        targetIdentifier=operation["target"],
        enabledControlIdentifier=operation["arn"],
    )

"""Baselines: what registers an OU, and the record of what is enabled where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation, Platform
from landrail.localaws.services.controltower.acting import Acting, Place
from landrail.localaws.services.controltower.catalogue import BASELINES, GOVERNED, baseline_version
from landrail.localaws.services.controltower.governing import Governing
from landrail.localaws.services.controltower.lasting import Lasting, summary_of
from landrail.localaws.services.controltower.membership import (
    check_management,
    parents,
    unit_id,
)
from landrail.localaws.services.controltower.records import (
    CHANGING,
    Document,
    Records,
    conflict,
    missing,
    paged,
)
from landrail.localaws.services.controltower.working import ACCOUNTS_AT_ONCE, Worker

KIND = "baseline"
_IDENTITY = "IdentityCenterEnabledBaselineArn"
_INVALID = "ValidationException"


class Baselines:
    """The operations about baselines."""

    def __init__(
        self, platform: Platform, records: Records, worker: Worker, governing: Governing
    ) -> None:
        self._platform = platform
        self._records = records
        self._governing = governing
        self._lasting = Lasting(KIND, records.baselines, records, worker)
        self._lasting.performed_by(self._perform)

    def operations(self) -> Mapping[str, Operation]:
        """Return them by name."""
        return {
            "ListBaselines": self.list_baselines,
            "GetBaseline": self.get_baseline,
            "EnableBaseline": self.enable,
            "UpdateEnabledBaseline": self.update,
            "ResetEnabledBaseline": self.reset,
            "DisableBaseline": self.disable,
            "GetEnabledBaseline": self.get,
            "ListEnabledBaselines": self.list,
            "GetBaselineOperation": self._lasting.told("baselineOperation"),
        }

    def list_baselines(self, call: ApiCall) -> Mapping[str, Any]:
        """Return the baselines that there are."""
        found = [_summary(call.region, key) for key in BASELINES]
        return paged(found, call.params, "baselines")

    def get_baseline(self, call: ApiCall) -> Mapping[str, Any]:
        """Return one of them."""
        return _summary(call.region, _baseline(str(call.params["baselineIdentifier"])))

    def enable(self, call: ApiCall) -> Mapping[str, Any]:
        """Begin to enable a baseline on an OU."""
        place = Place(call.account, call.region)
        check_management(self._platform, place)
        zone = self._governing.zone(place)
        key = _baseline(str(call.params["baselineIdentifier"]))
        if key != GOVERNED:
            raise ApiError(_INVALID, f"{BASELINES[key][0]} belongs to the landing zone.", 400)
        target = str(call.params["targetIdentifier"])
        unit = unit_id(target)
        version = self._version(place, call)
        self._check_parameters(place, call.params.get("parameters") or (), access=zone.access)
        if not zone.config:
            raise ApiError(
                _INVALID,
                "AWSControlTowerBaseline needs the AWS Config integration of the landing zone.",
                400,
            )
        acting = Acting(self._platform, place)
        self._check_unit(acting, unit, target)
        self._check_free(place, target)
        kept = {
            "baseline": key,
            "target": target,
            "version": version,
            "parent": None,
            "status": CHANGING,
            "parameters": list(call.params.get("parameters") or ()),
        }
        return self._lasting.make(call, "enabledbaseline", "ENABLE_BASELINE", kept, target=target)

    def update(self, call: ApiCall) -> Mapping[str, Any]:
        """Begin to bring an enabled baseline to a version."""
        place, kept = self._own(call)
        version = self._version(place, call)
        self._records.baselines.change(place, kept["arn"], version=version)
        return self._again(place, kept, "UPDATE_ENABLED_BASELINE")

    def reset(self, call: ApiCall) -> Mapping[str, Any]:
        """Begin to enable it again, for accounts that have come since."""
        place, kept = self._own(call)
        return self._again(place, kept, "RESET_ENABLED_BASELINE")

    def disable(self, call: ApiCall) -> Mapping[str, Any]:
        """Begin to take a baseline from an OU."""
        place, kept = self._own(call)
        controls = self._records.controls.all(place)
        if any(control["target"] == kept["target"] for control in controls):
            raise conflict("The target has enabled controls; disable them first.")
        return self._again(place, kept, "DISABLE_BASELINE")

    def get(self, call: ApiCall) -> Mapping[str, Any]:
        """Return an enabled baseline."""
        place = Place(call.account, call.region)
        kept = self._kept(place, str(call.params["enabledBaselineIdentifier"]))
        shown = self._shown(place, kept)
        if kept.get("parameters"):
            shown["parameters"] = kept["parameters"]
        return {"enabledBaselineDetails": shown}

    def list(self, call: ApiCall) -> Mapping[str, Any]:
        """Return the enabled baselines that a filter lets through; those of accounts only where
        they are asked for."""
        place, only = Place(call.account, call.region), call.params.get("filter") or {}
        children = bool(call.params.get("includeChildren") or only.get("parentIdentifiers"))
        found = []
        for kept in self._records.baselines.all(place):
            shown = self._shown(place, kept)
            tests = (
                (only.get("targetIdentifiers"), kept["target"]),
                (only.get("baselineIdentifiers"), shown["baselineIdentifier"]),
                (only.get("parentIdentifiers"), kept["parent"]),
                (only.get("statuses"), kept["status"]),
            )
            fits = all(wanted is None or value in wanted for wanted, value in tests)
            if fits and (children or kept["parent"] is None):
                found.append(shown)
        return paged(found, call.params, "enabledBaselines")

    def _version(self, place: Place, call: ApiCall) -> str:
        version = str(call.params["baselineVersion"])
        fitting = baseline_version(self._governing.zone(place).version)
        if version != fitting:
            raise ApiError(
                _INVALID,
                f"Baseline version {version} is not compatible with the landing zone; use "
                f"{fitting}.",
                400,
            )
        return version

    def _check_parameters(self, place: Place, parameters: Any, *, access: bool) -> None:
        given = {str(one["key"]): one["value"] for one in parameters}
        unknown = sorted(set(given) - {_IDENTITY})
        if unknown:
            raise ApiError(_INVALID, f"Parameter {unknown[0]} is not known.", 400)
        if not access:
            if given:
                raise ApiError(_INVALID, "The landing zone has no IAM Identity Center.", 400)
            return
        kept = self._records.baselines.get(place, str(given.get(_IDENTITY)))
        if kept is None:
            raise ApiError(_INVALID, f"Parameter {_IDENTITY} is required.", 400)

    def _check_unit(self, acting: Acting, unit: str, target: str) -> None:
        place = acting.place
        try:
            acting.organization("DescribeOrganizationalUnit", OrganizationalUnitId=unit)
        except ApiError as error:
            raise missing(f"Organizational unit {unit} does not exist.") from error
        if self._governing.is_security(place, unit):
            raise ApiError(_INVALID, "The OU belongs to the landing zone.", 400)
        if self._governing.governed(place, target) is not None:
            raise conflict(f"The baseline is already enabled on {target}.")
        above = next(parents(acting, unit), None)
        if above is not None and not self._governing.is_security(place, above):
            arn = f"{target.rpartition('/')[0]}/{above}"
            parent = self._governing.governed(place, arn)
            if parent is None or parent["status"] == CHANGING:
                raise ApiError(
                    _INVALID,
                    f"The parent organizational unit {above} is not registered with AWS Control "
                    "Tower.",
                    400,
                )

    def _check_free(self, place: Place, target: str) -> None:
        self._lasting.check_free(self._governing, place, target, most=ACCOUNTS_AT_ONCE)

    def _own(self, call: ApiCall) -> tuple[Place, Document]:
        place = Place(call.account, call.region)
        check_management(self._platform, place)
        kept = self._kept(place, str(call.params["enabledBaselineIdentifier"]))
        if kept["baseline"] != GOVERNED or kept["parent"] is not None:
            raise ApiError(_INVALID, "Only a baseline of an OU can be changed.", 400)
        self._check_free(place, kept["target"])
        return place, kept

    def _kept(self, place: Place, identifier: str) -> Document:
        kept = self._records.baselines.get(place, identifier)
        if kept is None:
            raise missing(f"Enabled baseline {identifier} does not exist.")
        return kept

    def _again(self, place: Place, kept: Document, operation: str) -> Mapping[str, Any]:
        return self._lasting.change(place, kept, operation, target=kept["target"])

    def _perform(self, acting: Acting, operation: Document) -> None:
        zone, unit = self._governing.zone(acting.place), unit_id(operation["target"])
        if operation["operation"] == "DISABLE_BASELINE":
            self._governing.unregister(acting, zone, unit)
            return
        found = acting.organization("DescribeOrganization")["Organization"]
        self._governing.register(acting, zone, unit, str(found["Id"]))

    def _shown(self, place: Place, kept: Document) -> Document:
        shown: Document = {
            "arn": kept["arn"],
            "baselineIdentifier": _arn(place.region, kept["baseline"]),
            "baselineVersion": kept["version"],
            "targetIdentifier": kept["target"],
            "statusSummary": summary_of(kept),
            "driftStatusSummary": {"types": {"inheritance": {"status": "IN_SYNC"}}},
        }
        if kept["parent"]:
            shown["parentIdentifier"] = kept["parent"]
        return shown


def _arn(region: str, key: str) -> str:
    return f"arn:aws:controltower:{region}::baseline/{key}"


def _summary(region: str, key: str) -> Document:
    name, description = BASELINES[key]
    return {"arn": _arn(region, key), "name": name, "description": description}


def _baseline(identifier: str) -> str:
    key = identifier.rpartition("/")[2]
    if ":baseline/" not in identifier or key not in BASELINES:
        raise missing(f"Baseline {identifier} does not exist.")
    return key

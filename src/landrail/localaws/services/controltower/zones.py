"""Landing zones: one in an organization, set up, changed and repaired by lasting operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation, Platform
from landrail.localaws.services.controltower import enrolling, shared
from landrail.localaws.services.controltower.acting import Acting, Place
from landrail.localaws.services.controltower.governing import Governing
from landrail.localaws.services.controltower.lasting import Lasting
from landrail.localaws.services.controltower.manifest import LATEST, Manifest, read_manifest
from landrail.localaws.services.controltower.membership import check_management, members
from landrail.localaws.services.controltower.records import (
    Document,
    Records,
    conflict,
    missing,
    paged,
)
from landrail.localaws.services.controltower.working import Worker, each_account

KIND = "landing-zone"


class Zones:
    """The operations about landing zones."""

    def __init__(
        self, platform: Platform, records: Records, worker: Worker, governing: Governing
    ) -> None:
        self._platform = platform
        self._records = records
        self._governing = governing
        self._lasting = Lasting(KIND, records.zones, records, worker)
        self._lasting.performed_by(self._perform, self._settle)

    def operations(self) -> Mapping[str, Operation]:
        """Return them by name."""
        return {
            "CreateLandingZone": self.create,
            "UpdateLandingZone": self.update,
            "ResetLandingZone": self.reset,
            "GetLandingZone": self.get,
            "ListLandingZones": self.list,
            "GetLandingZoneOperation": self._lasting.told("operationDetails"),
            "ListLandingZoneOperations": self.list_operations,
        }

    def create(self, call: ApiCall) -> Mapping[str, Any]:
        """Begin to set up a landing zone."""
        place = Place(call.account, call.region)
        check_management(self._platform, place)
        for _, zone in self._records.zones.everywhere():
            raise conflict(f"A landing zone exists already: {zone['arn']}.")
        version, document = str(call.params["version"]), call.params.get("manifest")
        manifest = self._checked(place, version, document, call.params.get("remediationTypes"))
        kept = {"version": version, "manifest": document or {}}
        about = _about(manifest, document)
        return self._lasting.make(call, "landingzone", "CREATE", kept, **about)

    def update(self, call: ApiCall) -> Mapping[str, Any]:
        """Begin to change a landing zone to a version and manifest."""
        place, zone = self._found(call)
        version = str(call.params["version"])
        if _number(version) < _number(zone["version"]):
            raise ApiError("ValidationException", "A landing zone cannot be downgraded.", 400)
        document = call.params.get("manifest", zone["manifest"])
        manifest = self._checked(place, version, document, call.params.get("remediationTypes"))
        return self._lasting.begin(place, "UPDATE", zone["arn"], **_about(manifest, document))

    def reset(self, call: ApiCall) -> Mapping[str, Any]:
        """Begin to repair what a landing zone has made."""
        place, zone = self._found(call)
        manifest = self._checked(place, zone["version"], zone["manifest"])
        about = _about(manifest, zone["manifest"])
        return self._lasting.begin(place, "RESET", zone["arn"], **about)

    def get(self, call: ApiCall) -> Mapping[str, Any]:
        """Return a landing zone."""
        place, zone = self._found(call, idle=False)
        last = self._lasting.newest(place)[0]
        states = {"IN_PROGRESS": "PROCESSING", "SUCCEEDED": "ACTIVE", "FAILED": "FAILED"}
        return {
            "landingZone": {
                "arn": zone["arn"],
                "version": zone["version"],
                "latestAvailableVersion": LATEST,
                "manifest": zone["manifest"],
                "driftStatus": {"status": "IN_SYNC"},
                "status": states[last["status"]],
            }
        }

    def list(self, call: ApiCall) -> Mapping[str, Any]:
        """Return the landing zone of the organization, if it has one in this region."""
        zone = self._records.zone(Place(call.account, call.region))
        return {"landingZones": [{"arn": zone["arn"]}] if zone else []}

    def list_operations(self, call: ApiCall) -> Mapping[str, Any]:
        """Return the operations, the newest first."""
        place, only = Place(call.account, call.region), call.params.get("filter") or {}
        found = [
            {
                "operationIdentifier": one["id"],
                "operationType": one["operation"],
                "status": one["status"],
            }
            for one in self._lasting.newest(place)
            if one["operation"] in (only.get("types") or (one["operation"],))
            and one["status"] in (only.get("statuses") or (one["status"],))
        ]
        return paged(found, call.params, "landingZoneOperations")

    def _found(self, call: ApiCall, *, idle: bool = True) -> tuple[Place, Document]:
        place = Place(call.account, call.region)
        zone = self._records.zone(place)
        named = str(call.params["landingZoneIdentifier"])
        if zone is None or named not in (zone["arn"], zone["arn"].rpartition("/")[2]):
            raise missing(f"Landing zone {named} does not exist.")
        if idle:
            self._governing.check_idle(place)
        return place, zone

    def _checked(
        self, place: Place, version: str, document: Any, remediation: Any = None
    ) -> Manifest:
        if remediation:
            raise ApiError(
                "ValidationException",
                "remediationTypes is not offered by the local AWS: an account that is moved is "
                "enrolled by ResetEnabledBaseline.",
                400,
            )
        manifest = read_manifest(version, document, place.region)
        there = members(self._platform, place)
        for account in manifest.shared:
            if account not in there:
                raise ApiError(
                    "ValidationException",
                    f"Account {account} is not a member account of the organization.",
                    400,
                )
        return manifest

    def _perform(self, acting: Acting, operation: Document) -> None:
        zone = read_manifest(operation["version"], operation["manifest"], acting.place.region)
        acting.admin("ec2", "DescribeAvailabilityZones")
        organization, root = shared.prepare(acting)
        security = self._security_unit(acting, zone, root)
        for account in zone.shared:
            acting.make_execution_role(account)
        shared.make_buckets(acting, zone, organization)
        if zone.logging:
            shared.make_trail(acting, zone, organization)
        failed = each_account(
            lambda account: enrolling.enrol(acting, account, zone, organization), list(zone.shared)
        )
        for account, why in failed.items():
            raise ApiError("ValidationException", f"Account {account}: {why}", 400)
        self._governing.set_up(acting, zone, security)
        if zone.sandbox:
            sandbox = shared.unit_named(acting, root, zone.sandbox)
            self._governing.register(acting, zone, sandbox, organization)

    def _security_unit(self, acting: Acting, zone: Manifest, root: str) -> str | None:
        """Return the OU of the shared accounts: the zone's own, or from 4.0 the one they are in."""
        if not zone.modern:
            unit = shared.unit_named(acting, root, zone.security)
            for account in zone.shared:
                shared.move(acting, account, unit)
            return unit
        parents = {shared.parent_of(acting, account) for account in zone.shared}
        if len(parents) > 1:
            raise ApiError(
                "ValidationException",
                "The accounts of all service integrations have to be under the same parent OU.",
                400,
            )
        parent = next(iter(parents), root)
        return None if parent == root else parent

    def _settle(self, place: Place, operation: Document, succeeded: bool) -> None:
        if succeeded:
            self._records.zones.change(
                place,
                operation["arn"],
                version=operation["version"],
                manifest=operation["manifest"],
            )


def _about(manifest: Manifest, document: Any) -> Document:
    return {"version": manifest.version, "manifest": document or {}}


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))

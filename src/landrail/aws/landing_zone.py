"""Finding the landing zone of AWS Control Tower, and reading what it governs.

Nothing is changed here. The API is asked in the region of the file, which has to be the landing
zone's home.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from landrail.aws.entering import Entrances
from landrail.aws.sessions import Connection, Identity
from landrail.diagnostics import Failure
from landrail.plan.governing import wanted_controls
from landrail.plan.marks import PLATFORM_TAG
from landrail.plan.observed import ObservedControl, ObservedRegistration, ObservedUnit
from landrail.resources import Registration, Wanted
from landrail.spec.landing_zone import LandingZone, OfferedControl

TOWER = "controltower"
_GOVERNED, _IDENTITY = "AWSControlTowerBaseline", "IdentityCenterBaseline"
_IDENTITY_PARAMETER = "IdentityCenterEnabledBaselineArn"
_RULE = "AWS::Config::ConfigRule"
_POLICY, _NAMED = "aws-guardrails-", "aws-controltower-"
_OPTIONAL = 4
"""The version from which on integrations are optional."""
_VERSIONS = {"3.0": "3.0", "3.1": "3.0", "3.2": "4.0", "3.3": "4.0"}
"""Versions of the baseline of OUs, by that of the landing zone. Source: AWS Control Tower User
Guide, "Compatibility of OU baselines and landing zone versions"."""
_LATEST = "5.0"


def find_landing_zone(entrances: Entrances) -> LandingZone:
    """Return the landing zone; raises Failure where there is none that can be used."""
    connection, who = entrances.connection, entrances.management()
    listed = list(_listed(connection, who, "ListLandingZones", "landingZones"))
    if not listed:
        raise Failure(
            f"there is no landing zone of AWS Control Tower whose home is {connection.region}",
            "`control_tower: existing` uses one that is there, in the file's `region`; set it up "
            "first, or write `control_tower: none`",
        )
    arn = listed[0]["arn"]
    zone = connection.call(who, TOWER, "GetLandingZone", landingZoneIdentifier=arn)["landingZone"]
    if zone["status"] != "ACTIVE":
        raise Failure(
            f"the landing zone of AWS Control Tower is {zone['status']}",
            "wait until it is ACTIVE, or repair it, then plan again",
        )
    found = _read(connection, who, arn, zone)
    if found.trail:
        _check_trail(entrances)
    return found


def observe_registrations(
    connection: Connection,
    who: Identity,
    units: Mapping[str, ObservedUnit],
    wanted: tuple[Registration, ...],
) -> dict[str, ObservedRegistration]:
    """Read which OUs are registered, by their paths."""
    paths = {unit.unit_id: path for path, unit in units.items()}
    found: dict[str, Mapping[str, Any]] = {}
    children: dict[str, set[str]] = {}
    baselines = {registration.baseline for registration in wanted}
    for each in _listed(
        connection, who, "ListEnabledBaselines", "enabledBaselines", includeChildren=True
    ):
        if each["baselineIdentifier"] not in baselines:
            continue
        target = str(each["targetIdentifier"]).rpartition("/")[2]
        if target in paths:
            found[paths[target]] = each
        elif each["statusSummary"]["status"] == "SUCCEEDED" and each.get("parentIdentifier"):
            children.setdefault(each["parentIdentifier"], set()).add(target)
    return {
        path: ObservedRegistration(
            arn=each["arn"],
            status=each["statusSummary"]["status"],
            version=each.get("baselineVersion", ""),
            enrolled=frozenset(children.get(each["arn"], ())),
        )
        for path, each in found.items()
    }


def observe_controls(
    connection: Connection, who: Identity, units: Mapping[str, ObservedUnit]
) -> dict[str, ObservedControl]:
    """Read which controls are enabled, by the end of their ARN and the path of the OU: older ones
    are listed by an ARN that ends with their name."""
    paths = {unit.unit_id: path for path, unit in units.items()}
    found = {}
    for each in _listed(connection, who, "ListEnabledControls", "enabledControls"):
        target = str(each["targetIdentifier"]).rpartition("/")[2]
        if target in paths:
            status = each["statusSummary"]["status"]
            key = f"{str(each['controlIdentifier']).rpartition('/')[2]} -> {paths[target]}"
            found[key] = ObservedControl(each["arn"], status)
    return found


def marked(
    connection: Connection,
    who: Identity,
    controls: Mapping[str, ObservedControl],
    wanted: Wanted,
) -> dict[str, ObservedControl]:
    """Return the controls, of those that are not wanted with whether this platform enabled them."""
    asked_for = wanted_controls(wanted)
    found = dict(controls)
    for key in controls.keys() - asked_for:
        tags = connection.call(who, TOWER, "ListTagsForResource", resourceArn=controls[key].arn)
        ours = tags["tags"].get(PLATFORM_TAG) == wanted.platform
        found[key] = replace(controls[key], ours=ours)
    return found


def _read(connection: Connection, who: Identity, arn: str, zone: Mapping[str, Any]) -> LandingZone:
    manifest = zone.get("manifest") or {}
    version = str(zone["version"])
    optional = int(version.partition(".")[0]) >= _OPTIONAL
    on = {key: _account(manifest, key, optional) for key in ("centralizedLogging", "securityRoles")}
    recorded = _account(manifest, "config", optional) if optional else on["securityRoles"]
    baselines = {
        each["name"]: each["arn"] for each in _listed(connection, who, "ListBaselines", "baselines")
    }
    return LandingZone(
        arn=arn,
        version=version,
        security_unit=_security_unit(connection, who, [a for a in on.values() if a]) or "Security",
        log_account=on["centralizedLogging"],
        audit_account=on["securityRoles"] or recorded,
        trail=bool(on["centralizedLogging"]),
        config=bool(recorded),
        policies=_policies(connection, who),
        baseline=baselines.get(_GOVERNED, ""),
        baseline_version=_VERSIONS.get(version, _LATEST),
        parameters=_parameters(connection, who, manifest, baselines.get(_IDENTITY), optional),
        controls=tuple(_controls(connection, who)),
    )


def _check_trail(entrances: Entrances) -> None:
    """Where the landing zone keeps the trail, ours goes: it has to be there, and to log."""
    connection = entrances.connection
    who = entrances.member(entrances.management_account)
    trails = connection.call(who, "cloudtrail", "DescribeTrails", includeShadowTrails=False)
    for trail in trails["trailList"]:
        if trail.get("IsOrganizationTrail") and trail["Name"].startswith(_NAMED):
            status = connection.call(who, "cloudtrail", "GetTrailStatus", Name=trail["TrailARN"])
            if status["IsLogging"]:
                return
    raise Failure(
        "the landing zone's trail of the organization does not log, or is gone",
        "reset the landing zone (`aws controltower reset-landing-zone`), then plan again: nothing "
        "is built on one that does not keep what it says",
    )


def _account(manifest: Mapping[str, Any], key: str, optional: bool) -> str:
    section = manifest.get(key) or {}
    enabled = section.get("enabled", not optional)
    return str(section.get("accountId") or "") if enabled else ""


def _security_unit(connection: Connection, who: Identity, accounts: list[str]) -> str:
    """Return the path of the OU that the landing zone's accounts stand in."""
    if not accounts:
        return ""
    names: list[str] = []
    child = accounts[0]
    while True:
        parent = next(
            connection.listed(who, "organizations", "ListParents", "Parents", ChildId=child)
        )
        if parent["Type"] != "ORGANIZATIONAL_UNIT":
            return "/".join(reversed(names))
        child = parent["Id"]
        unit = connection.call(
            who, "organizations", "DescribeOrganizationalUnit", OrganizationalUnitId=child
        )
        names.append(unit["OrganizationalUnit"]["Name"])


def _policies(connection: Connection, who: Identity) -> int:
    """Return how many policies of Control Tower a target carries at most."""
    counts: dict[str, int] = {}
    kind = {"Filter": "SERVICE_CONTROL_POLICY"}
    for policy in connection.listed(who, "organizations", "ListPolicies", "Policies", **kind):
        if policy["Name"].startswith(_POLICY):
            for target in connection.listed(
                who, "organizations", "ListTargetsForPolicy", "Targets", PolicyId=policy["Id"]
            ):
                counts[target["TargetId"]] = counts.get(target["TargetId"], 0) + 1
    return max(counts.values(), default=0)


def _parameters(
    connection: Connection,
    who: Identity,
    manifest: Mapping[str, Any],
    identity: str | None,
    optional: bool,
) -> dict[str, str]:
    """Where Identity Center belongs to the landing zone, each OU's baseline names it."""
    access = manifest.get("accessManagement") or {}
    if identity is None or not access.get("enabled", not optional):
        return {}
    enabled = _listed(
        connection,
        who,
        "ListEnabledBaselines",
        "enabledBaselines",
        filter={"baselineIdentifiers": [identity]},
    )
    found = next(enabled, None)
    return {} if found is None else {_IDENTITY_PARAMETER: found["arn"]}


def _controls(connection: Connection, who: Identity) -> Iterator[OfferedControl]:
    """Yield the controls that are rules of Config or policies, and need no parameters."""
    listed = connection.listed(who, "controlcatalog", "ListControls", "Controls")
    for each in listed:
        implementation = each.get("Implementation") or {}
        if each.get("ParameterRequirementSummary") == "REQUIRED":
            continue
        rule = implementation.get("Identifier", "") if implementation.get("Type") == _RULE else ""
        if rule or each.get("Behavior") == "PREVENTIVE":
            yield OfferedControl(each["Arn"], tuple(each.get("Aliases") or ()), rule)


def _listed(
    connection: Connection, who: Identity, operation: str, key: str, **given: Any
) -> Iterator[Any]:
    """Control Tower writes its tokens small."""
    token: dict[str, str] = {}
    while True:
        answer = connection.call(who, TOWER, operation, **given, **token)
        yield from answer.get(key, ())
        if not answer.get("nextToken"):
            return
        token = {"nextToken": answer["nextToken"]}

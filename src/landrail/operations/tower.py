"""Setting up a landing zone of Control Tower on the local AWS, to try `control_tower: existing`.

On AWS a landing zone is there already, and setting one up is nobody's business here: this acts on
the local AWS alone, as its bootstrap user would, by the API that a customer uses.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from landrail.aws.entering import Entrances
from landrail.aws.errors import CallError, code, failure
from landrail.aws.landing_zone import TOWER
from landrail.aws.sessions import Connection, Identity
from landrail.compiler.names import email
from landrail.diagnostics import Failure
from landrail.operations.project import open_project
from landrail.operations.target import open_target
from landrail.spec import Platform

VERSIONS = ("3.3", "4.0")
_UNIT, _OTHER_UNIT = "Security", "Foundation"
_ROLE = "AWSControlTowerAdmin"
_POLICY = "arn:aws:iam::aws:policy/service-role/AWSControlTowerServiceRolePolicy"
_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class SetUp:
    """The landing zone that stands now, and its accounts; `made` says whether it is new."""

    arn: str
    version: str
    log_archive: str
    audit: str
    made: bool


def set_up(file: Path, version: str, without: Iterable[str] = ()) -> SetUp:
    """Set up a landing zone on the local AWS of a file, which is started; does nothing where one
    stands. Raises Mistakes and Failure."""
    left_out = frozenset(without)
    if left_out and version == VERSIONS[0]:
        raise Failure(
            f"landing zone {version} has all integrations", f"use --version {VERSIONS[-1]}"
        )
    project = open_project(file)
    if project.document.target.aws is not None:
        raise Failure(
            "the file's target is AWS, where landing zones are set up by its administrators",
            "this command is for the local AWS",
        )
    target = open_target(project, start=True)
    try:
        return _set_up(_Founder(target.entrances, project.document), version, left_out)
    except CallError as error:
        raise failure(error, "setting up the landing zone") from error


def _set_up(founder: _Founder, version: str, left_out: frozenset[str]) -> SetUp:
    standing = founder.call(TOWER, "ListLandingZones")["landingZones"]
    if standing:
        arn = standing[0]["arn"]
        zone = founder.call(TOWER, "GetLandingZone", landingZoneIdentifier=arn)["landingZone"]
        manifest: Mapping[str, Any] = zone["manifest"]
        log, audit = (
            str((manifest.get(key) or {}).get("accountId", ""))
            for key in ("centralizedLogging", "securityRoles")
        )
        return SetUp(arn, zone["version"], log, audit, made=False)
    if founder.stands() and not founder.document.lets_tower_in:
        raise Failure(
            "the guardrails of the platform that stands here let no Control Tower be set up",
            "write `control_tower: expected` and apply, then set it up",
        )
    founder.organization()
    founder.role()
    # A platform that stands keeps its own: they have recorders, with which nothing is enrolled.
    prefix = "tower-" if founder.stands() else ""
    unit = _OTHER_UNIT if prefix else _UNIT
    log, audit = founder.account(f"{prefix}log-archive"), founder.account(f"{prefix}audit")
    if version != VERSIONS[0]:
        founder.together(unit, log, audit)
    manifest = _manifest(version, founder.connection.region, unit, (log, audit), left_out)
    begun = founder.call(TOWER, "CreateLandingZone", version=version, manifest=manifest)
    founder.wait(begun["operationIdentifier"])
    return SetUp(begun["arn"], version, log, audit, made=True)


def _manifest(
    version: str, region: str, unit: str, accounts: tuple[str, str], left_out: frozenset[str]
) -> dict[str, Any]:
    log, audit = accounts
    logging: dict[str, Any] = {"accountId": log, "enabled": True}
    roles: dict[str, Any] = {"accountId": audit}
    manifest: dict[str, Any] = {
        "governedRegions": [region],
        "accessManagement": {"enabled": False},
    }
    if version == VERSIONS[0]:
        structure = {"security": {"name": unit}}
        return {
            **manifest,
            "organizationStructure": structure,
            "centralizedLogging": logging,
            "securityRoles": roles,
        }
    off = {"enabled": False}
    on = {**roles, "enabled": True}
    return {
        **manifest,
        "centralizedLogging": off if "logging" in left_out else logging,
        "config": off if "config" in left_out else on,
        "securityRoles": off if "config" in left_out else on,
    }


class _Founder:
    """Who sets it up, in the management account."""

    def __init__(self, entrances: Entrances, document: Platform) -> None:
        self.connection: Connection = entrances.connection
        self._who: Identity = entrances.founder()
        self.document = document

    def call(self, service: str, operation: str, **given: Any) -> dict[str, Any]:
        """Make one call."""
        return self.connection.call(self._who, service, operation, **given)

    def organization(self) -> None:
        """Make the organization, where there is none."""
        try:
            self.call("organizations", "CreateOrganization", FeatureSet="ALL")
        except ClientError as error:
            if code(error) != "AlreadyInOrganizationException":
                raise

    def role(self) -> None:
        """Make the role under which Control Tower works in the management account."""
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "controltower.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
        try:
            self.call(
                "iam",
                "CreateRole",
                RoleName=_ROLE,
                Path="/service-role/",
                AssumeRolePolicyDocument=json.dumps(trust),
            )
        except ClientError as error:
            if code(error) != "EntityAlreadyExists":
                raise
        self.call("iam", "AttachRolePolicy", RoleName=_ROLE, PolicyArn=_POLICY)

    def account(self, name: str) -> str:
        """Return the id of a shared account, made where there is none of its address."""
        address = email(self.document.email, name)
        for account in self._listed("ListAccounts", "Accounts"):
            if account["Email"].lower() == address.lower():
                return str(account["Id"])
        status = self.call("organizations", "CreateAccount", AccountName=name, Email=address)[
            "CreateAccountStatus"
        ]
        end = time.monotonic() + _PATIENCE
        while status["State"] == "IN_PROGRESS" and time.monotonic() < end:
            time.sleep(0.05)
            status = self.call(
                "organizations",
                "DescribeCreateAccountStatus",
                CreateAccountRequestId=status["Id"],
            )["CreateAccountStatus"]
        if status["State"] != "SUCCEEDED":
            raise Failure(f"account {name} was not made: {status.get('FailureReason')}")
        return str(status["AccountId"])

    def stands(self) -> bool:
        """Say whether a platform stands already."""
        try:
            return self.unit(_UNIT) is not None
        except ClientError as error:
            if code(error) != "AWSOrganizationsNotInUseException":
                raise
            return False

    def unit(self, name: str) -> str | None:
        """Return the id of the OU of a name below the root."""
        root = next(self._listed("ListRoots", "Roots"))["Id"]
        units = self._listed(
            "ListOrganizationalUnitsForParent", "OrganizationalUnits", ParentId=root
        )
        return next((u["Id"] for u in units if u["Name"] == name), None)

    def together(self, name: str, *accounts: str) -> None:
        """Put the accounts into one OU of their own, as landing zones from 4.0 on want it."""
        root = next(self._listed("ListRoots", "Roots"))["Id"]
        unit = self.unit(name)
        if unit is None:
            made = self.call("organizations", "CreateOrganizationalUnit", ParentId=root, Name=name)
            unit = made["OrganizationalUnit"]["Id"]
        for account in accounts:
            parent = next(self._listed("ListParents", "Parents", ChildId=account))["Id"]
            if parent != unit:
                self.call(
                    "organizations",
                    "MoveAccount",
                    AccountId=account,
                    SourceParentId=parent,
                    DestinationParentId=unit,
                )

    def wait(self, operation: str) -> None:
        """Wait until the landing zone stands; raises Failure."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            found = self.call(TOWER, "GetLandingZoneOperation", operationIdentifier=operation)
            details = found["operationDetails"]
            if details["status"] == "SUCCEEDED":
                return
            if details["status"] == "FAILED":
                raise Failure(f"Control Tower: {details.get('statusMessage', 'it failed')}")
            time.sleep(0.05)
        raise Failure("the landing zone is still being set up", "ask again in a while")

    def _listed(self, operation: str, key: str, **given: Any) -> Iterator[Any]:
        return self.connection.listed(self._who, "organizations", operation, key, **given)

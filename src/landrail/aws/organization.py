"""The organization itself: read, created, its policy types and trusted services switched on."""

from __future__ import annotations

from botocore.exceptions import ClientError

from landrail.aws.errors import code
from landrail.aws.sessions import Connection, Identity
from landrail.aws.world import World
from landrail.plan.marks import MANAGEMENT_KIND
from landrail.plan.observed import ObservedOrganization
from landrail.plan.values import Change
from landrail.resources import Account, Organization


def observe_organization(connection: Connection, who: Identity) -> ObservedOrganization | None:
    """Read the organization, or None where the account is in none."""
    try:
        found = connection.call(who, "organizations", "DescribeOrganization")["Organization"]
    except ClientError as error:
        if code(error) == "AWSOrganizationsNotInUseException":
            return None
        raise
    root = next(connection.listed(who, "organizations", "ListRoots", "Roots"))
    services = connection.listed(
        who, "organizations", "ListAWSServiceAccessForOrganization", "EnabledServicePrincipals"
    )
    return ObservedOrganization(
        organization_id=found["Id"],
        root_id=root["Id"],
        management_account=found["MasterAccountId"],
        all_features=found["FeatureSet"] == "ALL",
        policy_types=tuple(
            sorted(t["Type"] for t in root["PolicyTypes"] if t["Status"] == "ENABLED")
        ),
        trusted_services=tuple(sorted(s["ServicePrincipal"] for s in services)),
    )


def change_organization(world: World, wanted: Organization, _change: Change) -> None:
    """Create the organization where there is none, and switch on what is missing."""
    connection, who = world.connection, world.entrances.management()
    found = observe_organization(connection, who)
    if found is None:
        connection.call(who, "organizations", "CreateOrganization", FeatureSet="ALL")
        found = observe_organization(connection, who)
        assert found is not None
    world.set_organization(found.organization_id, found.root_id)
    world.set_id("account", _management_name(world), found.management_account)
    if not found.all_features:
        connection.call(who, "organizations", "EnableAllFeatures")
    for policy_type in wanted.policy_types:
        if policy_type not in found.policy_types:
            connection.call(
                who,
                "organizations",
                "EnablePolicyType",
                RootId=found.root_id,
                PolicyType=policy_type,
            )
    for service in wanted.trusted_services:
        if service not in found.trusted_services:
            connection.call(
                who, "organizations", "EnableAWSServiceAccess", ServicePrincipal=service
            )


def _management_name(world: World) -> str:
    named = (a.name for a in world.wanted.of_kind(Account) if a.kind == MANAGEMENT_KIND)
    return next(named, MANAGEMENT_KIND)

"""The organization section: OUs, accounts, and the policies of the guardrails, attached.

Which policies there are is the business of `guardrails`. `FullAWSAccess` stays; ours only deny.
The root carries what holds everywhere, so a new account is under it from its first minute.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from landrail.compiler import names
from landrail.compiler.guardrails.placing import ROOT, SUSPENDED_UNIT
from landrail.compiler.guardrails.policies import SCP, Attached, policies_of
from landrail.resources import (
    Account,
    Address,
    Attachment,
    Organization,
    OrganizationalUnit,
    Policy,
    Resource,
)
from landrail.spec import Platform

TRUSTED_SERVICES = ("cloudtrail.amazonaws.com", "config.amazonaws.com")


def compile_organization(platform: Platform) -> Iterator[Resource]:
    """Yield the organization, its OUs, accounts, policies and attachments."""
    attached = policies_of(platform)
    governed = platform.landing_zone is not None
    organization = Organization(_types(attached), TRUSTED_SERVICES, governed)
    yield organization
    units = list(_units(platform, organization.address))
    yield from units
    yield from _guardrails(attached, units, organization.address)
    yield from _accounts(platform, attached, organization.address)


def _types(attached: Attached) -> tuple[str, ...]:
    """Return the types of policies that the organization needs switched on."""
    return tuple(dict.fromkeys((SCP, *sorted({policy.type for policy in attached.policies}))))


def _units(platform: Platform, organization: Address) -> Iterator[OrganizationalUnit]:
    made = (one for one in platform.accounts_made() if not one.governed)
    paths = {one.ou for one in made if one.ou is not None}
    above = {part for path in paths for part in accumulate(path.split("/"), "{}/{}".format)}
    for path in sorted(paths | above | {SUSPENDED_UNIT}):
        parent = path.rpartition("/")[0] or None
        upon = Address("organization", "ou", parent) if parent else organization
        yield OrganizationalUnit(path, parent, (upon,))


def _guardrails(
    attached: Attached, units: Sequence[OrganizationalUnit], organization: Address
) -> Iterator[Policy | Attachment]:
    places = {ROOT: organization} | {f"ou/{unit.name}": unit.address for unit in units}
    for policy in attached.policies:
        yield policy
        for target in attached.targets[policy.name]:
            place = places.get(target) or Address("organization", *target.split("/", 1))
            yield Attachment(policy.name, target, (policy.address, place))


def _accounts(platform: Platform, attached: Attached, organization: Address) -> Iterator[Account]:
    base = [Attachment(n, ROOT).address for n, on in attached.targets.items() if ROOT in on]
    for made in platform.accounts_made():
        upon = [organization]
        if made.ou is not None:
            upon = [Address("organization", "ou", made.ou), *base]
        yield Account(
            name=made.name,
            email=names.email(platform.email, made.name),
            ou=made.ou,
            kind=made.kind,
            environment=made.environment,
            account_id=made.account_id,
            governed=made.governed,
            tags={"landrail:platform": platform.platform, "landrail:kind": made.kind},
            depends_on=tuple(upon),
        )

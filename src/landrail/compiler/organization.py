"""The organization section: OUs, accounts, and the guardrails packed into policies and attached.

Every OU keeps `FullAWSAccess`; our policies only deny. The root carries the guardrails that hold
everywhere, so a new account is under them from its first minute.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from landrail.compiler import names
from landrail.compiler.limits import SCP_CHARACTERS_BEFORE, size
from landrail.compiler.statements import document
from landrail.guardrails import EVERYWHERE, SUSPENDED, Facts, Guardrail, recommended
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

(ROOT,) = EVERYWHERE
SUSPENDED_UNIT = "Suspended"
TRUSTED_SERVICES = ("cloudtrail.amazonaws.com", "config.amazonaws.com")


def compile_organization(platform: Platform) -> Iterator[Resource]:
    """Yield the organization, its OUs, accounts, policies and attachments."""
    organization = Organization(trusted_services=TRUSTED_SERVICES)
    yield organization
    units = list(_units(platform, organization.address))
    yield from units
    yield from _guardrails(platform, units, organization.address)
    yield from _accounts(platform, organization.address)


def policies_of(platform: Platform, scope: str) -> tuple[Policy, ...]:
    """Return the policies of one scope, each within the quota that every organization has."""
    facts = Facts(names.bucket_prefix(platform.platform), platform.region)
    kinds = _kinds(platform, scope)
    entries = [
        (guardrail, statement)
        for guardrail in recommended()
        if kinds.intersection(guardrail.kinds)
        for statement in guardrail.statements(facts)
    ]
    return tuple(
        _policy(scope, number, packed) for number, packed in enumerate(_packed(entries), 1)
    )


def _kinds(platform: Platform, scope: str) -> frozenset[str]:
    """Return the kinds of the accounts in the OUs whose path ends in `scope`."""
    if scope in EVERYWHERE:
        return frozenset(EVERYWHERE)
    if scope == SUSPENDED_UNIT:
        return frozenset({SUSPENDED})
    made = platform.accounts_made()
    return frozenset(a.kind for a in made if a.ou and a.ou.rpartition("/")[2] == scope)


def _units(platform: Platform, organization: Address) -> Iterator[OrganizationalUnit]:
    paths = {made.ou for made in platform.accounts_made() if made.ou is not None}
    above = {part for path in paths for part in accumulate(path.split("/"), "{}/{}".format)}
    for path in sorted(paths | above | {SUSPENDED_UNIT}):
        parent = path.rpartition("/")[0] or None
        upon = Address("organization", "ou", parent) if parent else organization
        yield OrganizationalUnit(path, parent, (upon,))


def _guardrails(
    platform: Platform, units: Sequence[OrganizationalUnit], organization: Address
) -> Iterator[Policy | Attachment]:
    targets: dict[str, list[tuple[str, Address]]] = {ROOT: [(ROOT, organization)]}
    for unit in units:
        scope = unit.name.rpartition("/")[2]
        targets.setdefault(scope, []).append((f"ou/{unit.name}", unit.address))
    for scope, places in targets.items():
        for policy in policies_of(platform, scope):
            yield policy
            for target, address in places:
                yield Attachment(policy.name, target, (policy.address, address))


def _accounts(platform: Platform, organization: Address) -> Iterator[Account]:
    attached = [Attachment(policy.name, ROOT).address for policy in policies_of(platform, ROOT)]
    for made in platform.accounts_made():
        upon = [organization]
        if made.ou is not None:
            upon = [Address("organization", "ou", made.ou), *attached]
        yield Account(
            name=made.name,
            email=names.email(platform.email, made.name),
            ou=made.ou,
            kind=made.kind,
            line_of_business=made.lob,
            environment=made.environment,
            account_id=made.account_id,
            tags={"landrail:platform": platform.platform, "landrail:kind": made.kind},
            depends_on=tuple(upon),
        )


def _packed(
    entries: Sequence[tuple[Guardrail, Any]],
) -> list[list[tuple[Guardrail, Any]]]:
    """Put statements into as few policies as the order of the catalogue allows."""
    packs: list[list[tuple[Guardrail, Any]]] = []
    for entry in entries:
        grown = [*packs[-1], entry] if packs else []
        if grown and size(_document(grown)) <= SCP_CHARACTERS_BEFORE:
            packs[-1] = grown
        else:
            packs.append([entry])
    return packs


def _document(packed: Sequence[tuple[Guardrail, Any]]) -> dict[str, Any]:
    return document(*(dict(statement) for _, statement in packed))


def _policy(scope: str, number: int, packed: Sequence[tuple[Guardrail, Any]]) -> Policy:
    held = ", ".join(dict.fromkeys(guardrail.id for guardrail, _ in packed))
    return Policy(
        name=f"landrail-{scope.lower()}-{number}",
        type="SERVICE_CONTROL_POLICY",
        description=names.shorten(f"Landrail: {held}", 512),
        document=_document(packed),
        statements_from={statement["Sid"]: guardrail.id for guardrail, statement in packed},
        depends_on=(Address("organization", "organization", "root"),),
    )

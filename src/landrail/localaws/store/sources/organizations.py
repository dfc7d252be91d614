"""The organization: its id, the path of an account, the policies on each level."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landrail.localaws.store.peek import PARTITION, accounts, backend

NamedPolicy = tuple[str, str]
Level = tuple[str, tuple[NamedPolicy, ...]]


def _organizations() -> Iterator[Any]:
    for account in accounts("organizations"):
        found = backend("organizations", account, PARTITION)
        if found is not None and found.org is not None:
            yield found


def organization_id() -> str | None:
    """Return the id of the organization; a local AWS has one at most."""
    return next((str(found.org.id) for found in _organizations()), None)


def management_account() -> str | None:
    """Return the management account's id."""
    return next((str(found.org.master_account_id) for found in _organizations()), None)


def _member(account: str) -> tuple[Any, Any] | None:
    for organization in _organizations():
        for member in organization.accounts:
            if member.id == account:
                return organization, member
    return None


def _ancestors(organization: Any, member: Any) -> list[Any]:
    """The root and the OUs down to the account's parent."""
    nodes = {node.id: node for node in organization.ou}
    chain: list[Any] = []
    parent = member.parent_id
    while parent is not None:
        node = nodes[parent]
        chain.append(node)
        parent = None if node.type == "ROOT" else node.parent_id
    return list(reversed(chain))


def path(account: str) -> str | None:
    """Return `o-ID/r-ROOT/ou-A/`, None for an account outside."""
    found = _member(account)
    if found is None:
        return None
    organization, member = found
    steps = [organization.org.id, *(node.id for node in _ancestors(organization, member))]
    return "/".join(steps) + "/"


def levels(account: str, policy_type: str) -> tuple[Level, ...]:
    """Return each level's policies of a type, root first, the account itself last."""
    found = _member(account)
    if found is None:
        return ()
    organization, member = found
    nodes = _ancestors(organization, member)
    enabled = {kind["Type"] for kind in nodes[0].policy_types}
    if policy_type not in enabled:
        return ()
    named = [("root" if n.type == "ROOT" else f"ou/{n.name}", n) for n in nodes]
    named.append((f"account/{member.id}", member))
    return tuple((name, _attached(node, policy_type)) for name, node in named)


def _attached(node: Any, policy_type: str) -> tuple[NamedPolicy, ...]:
    """By name: of several that deny, it is always the same one that a denial names."""
    return tuple(
        sorted(
            (str(policy.name), str(policy.content))
            for policy in node.attached_policies
            if policy.type == policy_type
        )
    )


def tags(arn: str) -> dict[str, str]:
    """Return the tags of an account, OU, root or policy."""
    last = arn.rpartition("/")[2]
    for organization in _organizations():
        for things in (organization.accounts, organization.ou, organization.policies):
            for thing in things:
                if thing.id == last:
                    return dict(thing.tags)
    return {}


def policy_type(policy_id: str) -> str | None:
    """Return the type of a policy in lower case, `service_control_policy`."""
    for organization in _organizations():
        for policy in organization.policies:
            if policy.id == policy_id:
                return str(policy.type).lower()
    return None

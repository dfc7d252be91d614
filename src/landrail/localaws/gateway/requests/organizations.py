"""Organizations: ids in the parameters to ARNs of the management account.

Source: Service Authorization Reference, "AWS Organizations".
"""

from __future__ import annotations

from collections.abc import Sequence

from landrail.localaws.gateway.requests.general import known
from landrail.localaws.gateway.requests.values import Authorization, Call, ContextValue, Lookup

_IDS = (
    "PolicyId",
    "TargetId",
    "AccountId",
    "OrganizationalUnitId",
    "RootId",
    "ResourceId",
    "HandshakeId",
    "ParentId",
    "ChildId",
)
# The parents of a move are not authorized; the account is (and both OUs as resources).
_ALSO_IDS = {"MoveAccount": ("SourceParentId", "DestinationParentId")}
_AWS_POLICIES = ("p-FullAWSAccess", "p-RCPFullAWSAccess")


def resolve_organizations(call: Call, lookup: Lookup) -> Sequence[Authorization]:
    """Return the authorization of an Organizations operation on what its ids name."""
    name, action = known(call, f"organizations:{call.operation}")
    context = _keys(call)
    kinds = {t.name for t in action.resources}
    ids = [
        str(call.params[key])
        for key in (*_IDS, *_ALSO_IDS.get(call.operation, ()))
        if call.params.get(key)
    ]
    found = [arn for each in ids for arn in [_arn(each, call, lookup)] if arn]
    if not kinds or not found:
        return [Authorization(name, "*", call.account, context)]
    return [
        Authorization(name, arn, call.account, context)
        for arn in dict.fromkeys(found)
        if not kinds or arn.split(":", 5)[5].split("/")[0] in _spelled(kinds)
    ] or [Authorization(name, "*", call.account, context)]


def _spelled(kinds: set[str]) -> set[str]:
    renamed = {"organizationalunit": "ou", "awspolicy": "policy"}
    return {renamed.get(kind, kind) for kind in kinds}


def _arn(each: str, call: Call, lookup: Lookup) -> str | None:
    organization = lookup.organization_id() or "o-unknown"
    management = lookup.management_account() or call.account
    base = f"arn:aws:organizations::{management}"
    if each.startswith("p-"):
        kind = lookup.organization_policy_type(each) or "service_control_policy"
        if each in _AWS_POLICIES:
            return f"arn:aws:organizations::aws:policy/{kind}/{each}"
        return f"{base}:policy/{organization}/{kind}/{each}"
    if each.startswith("ou-"):
        return f"{base}:ou/{organization}/{each}"
    if each.startswith("r-"):
        return f"{base}:root/{organization}/{each}"
    if each.startswith("h-"):
        return f"{base}:handshake/{organization}/*/{each}"
    return f"{base}:account/{organization}/{each}" if each.isdigit() else None


def _keys(call: Call) -> dict[str, ContextValue]:
    context: dict[str, ContextValue] = {}
    kind = call.params.get("PolicyType") or call.params.get("Type") or call.params.get("Filter")
    if kind:
        context["organizations:PolicyType"] = str(kind)
    service = call.params.get("ServicePrincipal")
    if service:
        context["organizations:ServicePrincipal"] = str(service)
    return context

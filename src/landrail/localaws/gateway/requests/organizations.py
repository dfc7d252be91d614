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
_SPELLED = {
    "organizationalunit": "ou",
    "awspolicy": "policy",
    "responsibilitytransfer": "transfer",
}
_AWS_POLICIES = ("p-FullAWSAccess", "p-RCPFullAWSAccess")


def resolve_organizations(call: Call, lookup: Lookup) -> Sequence[Authorization]:
    """Return the authorization of an Organizations operation on what its ids name."""
    name, action = known(call, f"organizations:{call.operation}")
    context = _keys(call, lookup)
    kinds = {t.name for t in action.resources}
    ids = [
        str(call.params[key])
        for key in (*_IDS, *_ALSO_IDS.get(call.operation, ()))
        if call.params.get(key)
    ]
    found = [arn for each in ids for arn in [_arn(each, call, lookup)] if arn]
    spelled = _spelled(kinds)
    of_kind = [arn for arn in dict.fromkeys(found) if arn.split(":", 5)[5].split("/")[0] in spelled]
    targets = (of_kind or _unnamed(call, lookup) if kinds else []) or ["*"]
    return [Authorization(name, arn, call.account, context) for arn in targets]


def _unnamed(call: Call, lookup: Lookup) -> list[str]:
    """What is made, the caller's own account, transfers of responsibility."""
    organization = lookup.organization_id() or "o-unknown"
    base = f"arn:aws:organizations::{lookup.management_account() or call.account}"
    if call.operation == "CreatePolicy":
        kind = str(call.params.get("Type") or "*").lower()
        return [f"{base}:policy/{organization}/{kind}/p-*"]
    if call.operation == "DescribeEffectivePolicy":
        return [f"{base}:account/{organization}/{call.account}"]
    if call.operation == "PutResourcePolicy":
        return [f"{base}:resourcepolicy/{organization}/rp-*"]
    if "ResponsibilityTransfer" in call.operation and call.params.get("Id"):
        return [f"{base}:transfer/{organization}/*/*/{call.params['Id']}"]
    return []


def _spelled(kinds: set[str]) -> set[str]:
    return {_SPELLED.get(kind, kind) for kind in kinds}


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


def _keys(call: Call, lookup: Lookup) -> dict[str, ContextValue]:
    context: dict[str, ContextValue] = {}
    policy = call.params.get("PolicyId")
    held = lookup.organization_policy_type(str(policy)) if policy else None
    if held:
        context["organizations:PolicyType"] = held.upper()
    if "ResponsibilityTransfer" in call.operation and call.params.get("Type"):
        context["organizations:TransferType"] = str(call.params["Type"])
    kind = call.params.get("PolicyType") or call.params.get("Type") or call.params.get("Filter")
    if kind:
        context["organizations:PolicyType"] = str(kind)
    service = call.params.get("ServicePrincipal")
    if service:
        context["organizations:ServicePrincipal"] = str(service)
    return context

"""STS: entering roles. The resource is the role, its account the role's.

Passing session tags needs sts:TagSession, a source identity sts:SetSourceIdentity, on the same
role. Source: API AssumeRole; IAM User Guide, "Passing session tags".
"""

from __future__ import annotations

from collections.abc import Sequence

from landrail.localaws.gateway.requests.general import account_of
from landrail.localaws.gateway.requests.keys import from_parameters
from landrail.localaws.gateway.requests.tags import tag_context
from landrail.localaws.gateway.requests.values import (
    Authorization,
    Call,
    ContextValue,
    Lookup,
    Unresolved,
)


def resolve_assume(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    """Return what AssumeRole and its kin need on the role."""
    role = call.params.get("RoleArn")
    if not isinstance(role, str) or ":role/" not in role:
        raise Unresolved("sts", call.operation, "which role it is about")
    account = account_of(role, call.account)
    context: dict[str, ContextValue] = {}
    for name, key in (
        ("RoleSessionName", "sts:RoleSessionName"),
        ("ExternalId", "sts:ExternalId"),
        ("SourceIdentity", "sts:SourceIdentity"),
        ("DurationSeconds", "sts:DurationSeconds"),
    ):
        if call.params.get(name):
            context[key] = str(call.params[name])
    tags = tag_context({"Tags": call.params.get("Tags") or ()})
    if tags:
        context.update(tags)
        context["sts:TransitiveTagKeys"] = tuple(call.params.get("TransitiveTagKeys") or ())
    providers = [c.get("ProviderArn") for c in call.params.get("ProvidedContexts") or ()]
    if providers:
        context["sts:RequestContextProviders"] = tuple(str(p) for p in providers)
    names = [f"sts:{call.operation}"]
    names += ["sts:SetContext"] if providers else []
    names += ["sts:TagSession"] if tags else []
    names += ["sts:SetSourceIdentity"] if call.params.get("SourceIdentity") else []
    return [Authorization(name, role, account, context) for name in names]


def resolve_federation(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    """Return what GetFederationToken needs on the federated user it names."""
    arn = f"arn:aws:sts::{call.account}:federated-user/{call.params.get('Name', '*')}"
    found = [Authorization("sts:GetFederationToken", arn, call.account)]
    if call.params.get("Tags"):
        found.append(Authorization("sts:TagSession", arn, call.account))
    return found


own_keys = from_parameters(
    {
        "sts:DurationSeconds": "DurationSeconds",
        "sts:SigningAlgorithm": "SigningAlgorithm",
        "sts:TaskPolicyArn": "TaskPolicyArn.arn",
    },
    {"sts:IdentityTokenAudience": "Audience"},
)


def resolve_own(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    """Return the action of an operation on the caller itself."""
    return [Authorization(f"sts:{call.operation}", "*", call.account)]

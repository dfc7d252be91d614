"""How and when a call came, as the gateway saw it, and the condition keys that follow.

None of these keys is ever taken from what a client sends: the gateway fills a Circumstances from
the connection, the clock and the caller's credentials. Source: IAM User Guide, "AWS global
condition context keys", availability of each key.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from landrail.localaws.api import Caller
from landrail.localaws.layers.sources import Sources
from landrail.localaws.layers.ways import Way
from landrail.policy import ContextValue

_ONE_ENDPOINT = frozenset(
    {"iam", "organizations", "account", "budgets", "ce", "cloudfront", "route53", "support", "sso"}
)
_HOME = "us-east-1"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """`now` in seconds since the epoch; `secure` whether the transport is (the loopback of the
    local AWS counts as such); `way` the way that the call took to its service, whose actions begin
    with `prefix`: the endpoint's policy speaks of these and not of what the service does besides.
    `extra` are keys that a service of ours vouches for (`aws:SourceArn`) or that a verified token
    gives. `provider` is the identity provider's ARN behind a verified token."""

    region: str
    now: float
    secure: bool = True
    way: Way = field(default_factory=Way)
    prefix: str = ""
    user_agent: str = ""
    provider: str | None = None
    extra: Mapping[str, ContextValue] = field(default_factory=dict)


def call_context(
    caller: Caller, action: str, circumstances: Circumstances, via: str | None
) -> dict[str, ContextValue]:
    """Return the keys of the call itself: where and when from, and through which service."""
    one = action.partition(":")[0] in _ONE_ENDPOINT
    context: dict[str, ContextValue] = {
        "aws:RequestedRegion": _HOME if one else circumstances.region,
        "aws:SecureTransport": "true" if circumstances.secure else "false",
        "aws:CurrentTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(circumstances.now)),
        "aws:EpochTime": str(int(circumstances.now)),
    }
    chain = caller.called_via + ((via,) if via else ())
    context["aws:ViaAWSService"] = "true" if chain else "false"
    if chain:
        context["aws:CalledVia"] = chain
        context["aws:CalledViaFirst"] = chain[0]
        context["aws:CalledViaLast"] = chain[-1]
    if circumstances.user_agent:
        context["aws:UserAgent"] = circumstances.user_agent
    if circumstances.way.source_ip:
        context["aws:SourceIp"] = circumstances.way.source_ip
    if not chain:
        context.update(_network(circumstances.way))
    context.update(_credentials(caller, circumstances.now))
    context.update(circumstances.extra)
    return context


def _network(way: Way) -> dict[str, ContextValue]:
    """Only through an endpoint, and not carried on by services that act for the caller."""
    given = {
        "aws:SourceVpc": way.vpc,
        "aws:SourceVpce": way.vpce,
        "aws:VpcSourceIp": way.private_ip,
    }
    return {key: value for key, value in given.items() if value}


def _credentials(caller: Caller, now: float) -> dict[str, ContextValue]:
    context: dict[str, ContextValue] = {}
    if caller.kind in ("session", "federated") and caller.issued_at is not None:
        issued = time.gmtime(caller.issued_at)
        context["aws:TokenIssueTime"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", issued)
    if caller.mfa is not None:
        context["aws:MultiFactorAuthPresent"] = "true" if caller.mfa else "false"
        if caller.mfa and caller.issued_at is not None:
            context["aws:MultiFactorAuthAge"] = str(max(0, int(now - caller.issued_at)))
    if caller.source_identity:
        context["aws:SourceIdentity"] = caller.source_identity
    return context


def organization_context(
    sources: Sources, account: str | None, owner: str | None
) -> dict[str, ContextValue]:
    """Return the keys that tell the organization of the caller and of the resource's owner."""
    context: dict[str, ContextValue] = {}
    organization = sources.organization_id()
    if owner is not None:
        context["aws:ResourceAccount"] = owner
    if organization is None:
        return context
    for key, each in (("Principal", account), ("Resource", owner)):
        path = sources.organization_path(each) if each else None
        if path is not None:
            context[f"aws:{key}OrgID"] = organization
            context[f"aws:{key}OrgPaths"] = (path,)
    return context


def source_context(sources: Sources, account: ContextValue | None) -> dict[str, ContextValue]:
    """Return the keys that tell the organization of the account for whose resource a service
    calls (`aws:SourceAccount`)."""
    organization = sources.organization_id()
    path = sources.organization_path(account) if isinstance(account, str) else None
    if organization is None or path is None:
        return {}
    return {"aws:SourceOrgID": organization, "aws:SourceOrgPaths": (path,)}

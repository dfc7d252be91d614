"""`authorize`: one request against every policy in force.

The order is AWS's. Denials first, in every layer: one ends it. Then what must permit without
granting (RCPs, SCPs by level, the endpoint policy), then who grants: in one account identity or
resource policy, across accounts both, for keys and trust by their own rules (`grants`).
Source: IAM User Guide, "How AWS enforcement code logic evaluates requests to allow or deny access".
"""

from __future__ import annotations

from landrail.policy.decision import Decision
from landrail.policy.document import Statement
from landrail.policy.explain import explain
from landrail.policy.facts import Facts
from landrail.policy.findings import Layer, Outcome, Reason
from landrail.policy.grants import Answer, decide_grant, path_of
from landrail.policy.protected import is_kept_by_aws
from landrail.policy.public import gives_public_acl, is_public
from landrail.policy.scan import SILENT, Found, scan, scan_resource, with_list
from landrail.policy.special import (
    by_trust,
    named_through_endpoint,
    needs_nothing,
    under_rcps,
    under_scps,
    unlocks,
)
from landrail.policy.values import Policies, PolicyInForce, Request

_LAYERS = (Layer.ENDPOINT, Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION)


def authorize(request: Request, policies: Policies) -> Decision:
    """Decide whether the request may go on; never raises, never guesses.

    SCPs bind users, roles and root users of member accounts: for a principal of the management
    account, or outside any organization, the caller passes no `scps`.
    """
    facts = Facts(request)
    principal = request.principal
    if needs_nothing(facts):
        return _free(request, policies, facts)
    trust = by_trust(facts)
    own_layer = Layer.TRUST if trust else Layer.RESOURCE
    rcps = policies.rcps if policies.rcps and under_rcps(facts) else ()
    scps = policies.scps if under_scps(principal) else ()

    waiting: tuple[Layer, str] | None = None
    bounded = policies.boundary is not None
    for layer, levels in ((Layer.RCP, rcps), (Layer.SCP, scps)):
        for level in levels:
            denies, allows = scan(level.policies, facts, bounded=bounded)
            if denies:
                return _denied(request, policies, layer, denies, level.name)
            if allows is None and waiting is None:
                waiting = (layer, level.name)
    granted = scan_resource(policies.resource, facts, bounded=bounded)
    if policies.acl is not None:
        granted = with_list(granted, scan_resource(policies.acl, facts, bounded=bounded))
    if granted.deny and not (unlocks(facts) and not _crosses(request)):
        return _denied(request, policies, own_layer, granted.deny)
    endpoint = boundary = session = SILENT
    identity = scan(policies.identity, facts)
    if policies.endpoint:
        least = named_through_endpoint(facts)
        endpoint = scan(policies.endpoint, facts, bounded=bounded, least=least)
    if policies.boundary:
        boundary = scan(policies.boundary, facts)
    if policies.session:
        session = scan(policies.session, facts)
    for layer, said in zip(_LAYERS, (endpoint, identity, boundary, session), strict=True):
        if said[0]:
            return _denied(request, policies, layer, said[0])

    if waiting:
        return _unallowed(request, policies, Reason.LEVEL_NOT_ALLOWED, waiting[0], waiting[1])
    if policies.endpoint and endpoint[1] is None:
        return _unallowed(request, policies, Reason.NOT_ALLOWED, Layer.ENDPOINT)
    if _other_partition(request):
        return _unallowed(request, policies, Reason.OTHER_PARTITION, own_layer)
    if is_kept_by_aws(facts):
        return _unallowed(request, policies, Reason.KEPT_BY_AWS, Layer.IDENTITY)
    path = path_of(principal, policies, identity, boundary, session)
    answer = decide_grant(facts, policies, path, granted, _crosses(request), trust)
    blocked = _blocked(request, policies) if answer.allowed else None
    if blocked:
        denied, layer = Outcome.EXPLICIT_DENY, Layer.PUBLIC_ACCESS
        return _decision(request, policies, denied, blocked, layer=layer)
    return _from_answer(request, policies, answer)


def _free(request: Request, policies: Policies, facts: Facts) -> Decision:
    """A call that needs no permission; only the endpoint that it comes through can stop it."""
    denies, allows = scan(policies.endpoint, facts, bounded=policies.boundary is not None)
    if denies:
        return _denied(request, policies, Layer.ENDPOINT, denies)
    if policies.endpoint and allows is None:
        return _unallowed(request, policies, Reason.NOT_ALLOWED, Layer.ENDPOINT)
    return _decision(request, policies, Outcome.ALLOW, Reason.ALLOWED_TO_ALL)


def owner_of(request: Request) -> str | None:
    """Return the account that owns the resource: as said, else as its ARN shows, else (an ARN
    without account) the principal's own."""
    if request.resource_account is not None:
        return request.resource_account
    parts = request.resource.split(":", 5)
    if len(parts) > 5 and parts[4].isdigit():
        return parts[4]
    return request.principal.account


def _crosses(request: Request) -> bool:
    account = request.principal.account
    return account is not None and account != owner_of(request)


def _other_partition(request: Request) -> bool:
    ours, theirs = request.principal.arn, request.resource
    if ours.startswith("arn:aws:") and theirs.startswith("arn:aws:"):
        return False
    if not (ours.startswith("arn:") and theirs.startswith("arn:")):
        return False
    return ours.split(":", 2)[1] != theirs.split(":", 2)[1]


def _blocked(request: Request, policies: Policies) -> Reason | None:
    """Which of S3's public access blocks rejects what policies allow: an ACL that is public, and
    under a public policy everyone but services and the owner's account. AWS does not say which
    kind of denial it is; as no Allow helps against it, it counts as explicit."""
    if not request.action.lower().startswith("s3:"):
        return None
    if policies.block_public_acls and gives_public_acl(request):
        return Reason.PUBLIC_ACL_BLOCKED
    if not policies.restrict_public or policies.resource is None:
        return None
    foreign = request.principal.account is None or _crosses(request)
    if request.principal.kind == "service" or not foreign:
        return None
    public = is_public(policies.resource.document)
    return Reason.PUBLIC_ACCESS_BLOCKED if public else None


def _from_answer(request: Request, policies: Policies, answer: Answer) -> Decision:
    outcome = Outcome.ALLOW if answer.allowed else Outcome.IMPLICIT_DENY
    policy, statement = answer.found or (None, None)
    return _decision(
        request,
        policies,
        outcome,
        answer.why,
        layer=answer.layer,
        policy=policy,
        statement=statement,
    )


def _denied(
    request: Request, policies: Policies, layer: Layer, found: Found, level: str | None = None
) -> Decision:
    return _decision(
        request,
        policies,
        Outcome.EXPLICIT_DENY,
        Reason.EXPLICIT_DENY,
        layer=layer,
        level=level,
        policy=found[0],
        statement=found[1],
    )


def _unallowed(
    request: Request, policies: Policies, why: Reason, layer: Layer, level: str | None = None
) -> Decision:
    return _decision(request, policies, Outcome.IMPLICIT_DENY, why, layer=layer, level=level)


def _decision(
    request: Request,
    policies: Policies,
    outcome: Outcome,
    why: Reason,
    *,
    layer: Layer | None = None,
    level: str | None = None,
    policy: PolicyInForce | None = None,
    statement: Statement | None = None,
) -> Decision:
    return Decision(
        outcome,
        why,
        request,
        explain=lambda: explain(request, policies),
        layer=layer,
        level=level,
        policy=policy,
        statement=statement,
    )

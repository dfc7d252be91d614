"""Reasons in words: AWS's phrase for each way a decision can go, and the names behind it.

Only text is made here, from keys the evaluator set; no policy is looked at again.
"""

from __future__ import annotations

from landrail.policy.document import Statement
from landrail.policy.findings import Layer, Outcome, Reason
from landrail.policy.values import PolicyInForce, Request

_NOUN = {
    Layer.IDENTITY: "identity-based policy",
    Layer.BOUNDARY: "permissions boundary",
    Layer.SESSION: "session policy",
    Layer.RESOURCE: "resource-based policy",
    Layer.TRUST: "role trust policy",
    Layer.SCP: "service control policy",
    Layer.RCP: "resource control policy",
    Layer.ENDPOINT: "VPC endpoint policy",
    Layer.GRANT: "grant",
    Layer.PUBLIC_ACCESS: "public access block",
}
_ARTICLE = {Layer.IDENTITY: "an", Layer.TRUST: "the"}


def phrase(why: Reason, layer: Layer | None, action: str) -> str:
    """Return AWS's clause for a denial: `because no ... allows the ... action` or `with an
    explicit deny in ...`; empty where the request was allowed."""
    noun = _NOUN[layer or Layer.IDENTITY]
    if why is Reason.EXPLICIT_DENY:
        return f"with an explicit deny in {_ARTICLE.get(layer or Layer.IDENTITY, 'a')} {noun}"
    if why is Reason.PUBLIC_ACCESS_BLOCKED:
        return "because public access is blocked by the S3 setting RestrictPublicBuckets"
    if why is Reason.PUBLIC_ACL_BLOCKED:
        return "because public ACLs are blocked by the S3 setting BlockPublicAcls"
    if why is Reason.OTHER_PARTITION:
        return "because the resource is in another partition"
    if why is Reason.KEPT_BY_AWS:
        return "because AWS lets no policy allow it"
    if why.value.startswith(("allowed", "needs-no")):
        return ""
    return f"because no {noun} allows the {action} action"


def reason_text(
    outcome: Outcome,
    why: Reason,
    request: Request,
    *,
    layer: Layer | None,
    level: str | None,
    policy: PolicyInForce | None,
    statement: Statement | None,
) -> str:
    """Return the sentence for people: AWS's clause, then policy, statement and attachment."""
    where = _where(level, policy, statement)
    if outcome is Outcome.ALLOW:
        return f"{request.action} is allowed {_ALLOWED[why]}{where}"
    text = f"{request.action} is denied {phrase(why, layer, request.action)}"
    if why is Reason.NOT_DELEGATED:
        text += " (the key policy neither names the principal nor delegates to its account)"
    if why is Reason.OTHER_ACCOUNT:
        text += f" (the resource is in account {request.resource_account}: both sides must allow)"
    return f"{text}{where}"


_ALLOWED = {
    Reason.ALLOWED_BY_IDENTITY: "by an identity-based policy",
    Reason.ALLOWED_BY_RESOURCE: "by a resource-based policy",
    Reason.ALLOWED_BY_BOTH: "by the policies of both accounts",
    Reason.ALLOWED_BY_GRANT: "by a grant",
    Reason.ALLOWED_TO_ROOT: "to the account's root user",
    Reason.ALLOWED_TO_ALL: "to everyone: it needs no permission",
}


def _where(level: str | None, policy: PolicyInForce | None, statement: Statement | None) -> str:
    if policy is None:
        return f": level {level}" if level else ""
    text = f": `{policy.name}`"
    if statement is not None:
        text += f", statement {statement.label}"
    attached = policy.attached_to or level
    return f"{text}, attached to {attached}" if attached else text


def client_message(why: Reason, layer: Layer | None, request: Request) -> str:
    """Return what AWS answers to the client of a denied request."""
    who = request.principal.arn or "anonymous"
    clause = phrase(why, layer, request.action)
    on = f" on resource: {request.resource}" if request.resource != "*" else ""
    subject = f"User: {who} is not authorized to perform: {request.action}{on}"
    return f"{subject} {clause}".rstrip()

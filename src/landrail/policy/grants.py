"""Who grants: once nothing denies, whether identity, resource policy, key policy or trust allow.

Source: IAM User Guide, "Policy evaluation for requests within a single account" and "Cross-account
policy evaluation logic"; for keys "Key policies in AWS KMS"; for roles API AssumeRole.
"""

from __future__ import annotations

from dataclasses import dataclass

from landrail.policy.facts import Facts
from landrail.policy.findings import Layer, Reason
from landrail.policy.keygrants import granting
from landrail.policy.scan import Found, Granted, Said
from landrail.policy.special import by_key_policy, may_enter, takes_unsigned
from landrail.policy.values import Policies, Principal


@dataclass(frozen=True, slots=True)
class Path:
    """The identity side. `limits` is the layer that keeps a grant of a resource policy to the role
    (or to everybody) from reaching the caller: boundary or session policy, or None."""

    allowed: bool
    missing: Layer | None
    limits: Layer | None
    boundary: bool
    found: Found | None
    root: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the request is allowed, why, and what decided."""

    allowed: bool
    why: Reason
    layer: Layer | None = None
    found: Found | None = None


def path_of(
    principal: Principal, policies: Policies, identity: Said, boundary: Said, session: Said
) -> Path:
    """Join identity policies, boundary and session policies.

    A federated user without session policies has no identity permissions at all. The root user
    has all of them, without a policy; services and anonymous callers have none.
    """
    within = policies.boundary is None or boundary[1] is not None
    if principal.kind == "federated":
        passed = session[1] is not None
    else:
        passed = not policies.session or session[1] is not None
    limits = None if within and passed else (Layer.SESSION if within else Layer.BOUNDARY)
    root = principal.kind == "root"
    if root:
        missing = limits
    elif identity[1] is None or principal.account is None:
        missing = Layer.IDENTITY
    else:
        missing = limits
    return Path(missing is None, missing, limits, within, identity[1], root)


def decide_grant(
    facts: Facts, policies: Policies, path: Path, granted: Granted, crosses: bool, trust: bool
) -> Answer:
    """Decide between identity and resource side."""
    if trust and not may_enter(facts):
        return Answer(False, Reason.NOT_ALLOWED, Layer.TRUST)
    if facts.principal.account is None:
        return _outsider(granted, trust, facts, policies)
    if trust and facts.principal.kind == "root":
        return Answer(False, Reason.NOT_ALLOWED, Layer.TRUST)
    if crosses:
        return _across(facts, policies, path, granted, trust)
    if trust:
        return _by_trust(facts, path, granted)
    if by_key_policy(facts):
        return _by_key(facts, policies, path, granted)
    if path.allowed:
        return _identity(path)
    found = _direct(facts.principal, path, granted)
    if found:
        return Answer(True, Reason.ALLOWED_BY_RESOURCE, Layer.RESOURCE, found)
    return Answer(False, Reason.NOT_ALLOWED, path.missing)


def _identity(path: Path) -> Answer:
    if path.root:
        return Answer(True, Reason.ALLOWED_TO_ROOT, Layer.IDENTITY)
    return Answer(True, Reason.ALLOWED_BY_IDENTITY, Layer.IDENTITY, path.found)


def _direct(principal: Principal, path: Path, granted: Granted) -> Found | None:
    """Return the grant of a resource policy that reaches the caller without its identity policies.
    Grants to a user, a session or (by aws:PrincipalArn) a pinned role pass boundary and session
    policies by; grants to the role or to everybody do not, but for a user's boundary."""
    if granted.exact or granted.pinned:
        return granted.exact or granted.pinned
    if granted.everyone and (principal.kind == "user" or path.limits is None):
        return granted.everyone
    return granted.of_session if path.limits is None else None


def _outsider(granted: Granted, trust: bool, facts: Facts, policies: Policies) -> Answer:
    """A service, an anonymous caller, a holder of an identity provider's token. Into a role enters
    who is named alone: everybody means every principal of an account."""
    layer = Layer.TRUST if trust else Layer.RESOURCE
    kind = facts.principal.kind
    if (kind == "anonymous" and (trust or not takes_unsigned(facts))) or (
        kind == "web" and not trust
    ):
        return Answer(False, Reason.NOT_ALLOWED, layer)
    found = granted.exact if trust else granted.any
    if found:
        return Answer(True, Reason.ALLOWED_BY_RESOURCE, layer, found)
    if by_key_policy(facts) and granting(facts, policies.grants):
        return Answer(True, Reason.ALLOWED_BY_GRANT, Layer.GRANT)
    return Answer(False, Reason.NOT_ALLOWED, layer)


def _across(facts: Facts, policies: Policies, path: Path, granted: Granted, trust: bool) -> Answer:
    """Two accounts: both sides must allow, however exactly the resource policy names the caller."""
    layer = Layer.TRUST if trust else Layer.RESOURCE
    by_grant = by_key_policy(facts) and granting(facts, policies.grants)
    if not granted.any and not by_grant:
        return Answer(False, Reason.OTHER_ACCOUNT, layer)
    if not path.allowed:
        return Answer(False, Reason.NOT_ALLOWED, path.missing)
    return Answer(True, Reason.ALLOWED_BY_BOTH, layer, granted.any or path.found)


def _by_trust(facts: Facts, path: Path, granted: Granted) -> Answer:
    """The trust policy must allow; a grant to the account needs the identity side too. The
    boundary of a user counts even where the trust policy names that user."""
    named = granted.exact or granted.pinned
    if named and (facts.principal.kind != "user" or path.boundary):
        return Answer(True, Reason.ALLOWED_BY_RESOURCE, Layer.TRUST, named)
    if (granted.of_session or granted.everyone) and path.limits is None:
        found = granted.of_session or granted.everyone
        return Answer(True, Reason.ALLOWED_BY_RESOURCE, Layer.TRUST, found)
    if not granted.any:
        return Answer(False, Reason.NOT_ALLOWED, Layer.TRUST)
    if path.allowed:
        return Answer(True, Reason.ALLOWED_BY_BOTH, Layer.TRUST, granted.any)
    return Answer(False, Reason.NOT_ALLOWED, path.limits or path.missing)


def _by_key(facts: Facts, policies: Policies, path: Path, granted: Granted) -> Answer:
    """Nobody has access to a key, root included, unless its policy or a grant says so; identity
    policies count only for actions that the key policy allows to the account."""
    found = _direct(facts.principal, path, granted)
    if found:
        return Answer(True, Reason.ALLOWED_BY_RESOURCE, Layer.RESOURCE, found)
    if path.limits is None and granting(facts, policies.grants, delegated=path.allowed):
        return Answer(True, Reason.ALLOWED_BY_GRANT, Layer.GRANT)
    if not granted.any:
        return Answer(False, Reason.NOT_DELEGATED, Layer.RESOURCE)
    if path.allowed:
        return _identity(path)
    return Answer(False, Reason.NOT_ALLOWED, path.missing)

"""The actions and resources with rules of their own, in one place.

Sources: API GetCallerIdentity; Permissions for GetSessionToken; API AssumeRole; Key policies in
AWS KMS; API PutBucketPolicy; Tasks that require root user credentials; Resource control policies,
"resources and entities not restricted"; "Control access to VPC endpoints using endpoint policies".
"""

from __future__ import annotations

from landrail.policy.facts import Facts
from landrail.policy.principals import Naming
from landrail.policy.reference.rcp import RCP_SERVICES
from landrail.policy.values import SERVICE_LINKED_PATH, Principal

_NEEDS_NOTHING = {"sts:getcalleridentity"}
_ASSUME = "sts:assumerole"
_BY_TRUST = {"sts:tagsession", "sts:setsourceidentity"}
_WITH_TOKEN = {
    "sts:assumerolewithwebidentity": "oidc",
    "sts:assumerolewithsaml": "saml",
}
_UNSIGNED = frozenset(
    {"ecr-public", "es", "execute-api", "mediastore", "s3", "sns", "sqs", "vpc-lattice-svcs"}
)
_UNSIGNED_CALLS = ("lambda:invokefunction", "elasticfilesystem:client")
"""Through a function's URL, and by an NFS client that mounts without IAM."""

_UNLOCKING = frozenset(
    {
        "s3:deletebucketpolicy",
        "s3:getbucketpolicy",
        "s3:putbucketpolicy",
        "sqs:setqueueattributes",
    }
)
ALIAS_CHANGES = frozenset({"kms:createalias", "kms:deletealias", "kms:updatealias"})
_GATEWAY_ENDPOINTS = ("s3", "dynamodb")
_BOUND_BY_SCP = ("root", "user", "session", "federated")


def needs_nothing(facts: Facts) -> bool:
    """Whether no policy has a say: GetCallerIdentity, and GetSessionToken for users and root."""
    if facts.action == "sts:getsessiontoken":
        return facts.principal.kind in ("user", "root")
    return facts.action in _NEEDS_NOTHING and facts.principal.account is not None


def by_trust(facts: Facts) -> bool:
    """Whether the resource policy is a role's trust policy and decides alone who may enter."""
    if not (facts.action.startswith(_ASSUME) or facts.action in _BY_TRUST):
        return False
    if facts.resource == "*":
        return facts.action not in _BY_TRUST
    return len(facts.parts) > 5 and facts.parts[2] == "iam" and facts.parts[5].startswith("role/")


def may_enter(facts: Facts) -> bool:
    """Whether a caller of this kind can enter a role by this call at all: a token of an identity
    provider is for the call of its kind, and those calls are for tokens alone."""
    of = _WITH_TOKEN.get(facts.action)
    if facts.principal.kind != "web":
        return of is None
    if facts.action in _BY_TRUST:
        return True
    return of == ("saml" if ":saml-provider/" in facts.principal.arn else "oidc")


def by_key_policy(facts: Facts) -> bool:
    """Whether the resource is a KMS key, whose policy is the root of all access to it; one that is
    used by its alias is the same key."""
    if len(facts.parts) < 6 or facts.parts[2] != "kms":
        return False
    by_alias = facts.parts[5].startswith("alias/") and facts.action not in ALIAS_CHANGES
    return by_alias or facts.parts[5].startswith("key/")


def unlocks(facts: Facts) -> bool:
    """Whether this is the root user at the policy of a bucket or queue of its own account: what
    that policy denies does not keep the owner from mending it."""
    return facts.principal.kind == "root" and facts.action in _UNLOCKING


def takes_unsigned(facts: Facts) -> bool:
    """Whether the service answers requests that nobody signed: "a few services, such as Amazon
    S3", do (Policy evaluation logic: authentication)."""
    if facts.action.partition(":")[0] in _UNSIGNED:
        return True
    return facts.action.startswith(_UNSIGNED_CALLS)


def named_through_endpoint(facts: Facts) -> Naming:
    """How an endpoint policy must name a caller: in those of gateway endpoints (S3, DynamoDB) an
    account means its root user alone."""
    gateway = facts.action.partition(":")[0] in _GATEWAY_ENDPOINTS
    return Naming.EVERYONE if gateway and facts.principal.kind != "root" else Naming.ACCOUNT


def under_scps(principal: Principal) -> bool:
    """Whether SCPs apply to a principal: users, roles, root; not service-linked roles."""
    return principal.kind in _BOUND_BY_SCP and not principal.service_linked


def under_rcps(facts: Facts) -> bool:
    """Whether RCPs apply to an action: those of the services that support them. For actions
    without a resource AWS leaves it open; here RCPs bind them too, which grants less."""
    if facts.principal.service_linked or facts.action == "kms:retiregrant":
        return False
    if facts.principal.kind == "service" and SERVICE_LINKED_PATH in facts.resource:
        return False
    return facts.action.partition(":")[0] in RCP_SERVICES

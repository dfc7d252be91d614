"""What AWS keeps to itself: resources that no policy of a customer lets anybody change.

AWS managed policies, the roles that IAM Identity Center and services make for themselves, the
aliases of AWS managed keys; and what sessions cannot call: two calls of STS, and federated users
none of IAM and STS but GetCallerIdentity. Sources: IAM User Guide, "AWS managed policies" and
"Service-linked roles"; Identity Center User Guide, "IAM roles created by IAM Identity Center"; KMS
API CreateAlias; STS API AssumeRole and GetFederationToken.
"""

from __future__ import annotations

from landrail.policy.facts import Facts
from landrail.policy.special import ALIAS_CHANGES

_POLICY_CHANGES = frozenset(
    f"iam:{name}"
    for name in (
        "createpolicy",
        "createpolicyversion",
        "deletepolicy",
        "deletepolicyversion",
        "setdefaultpolicyversion",
        "tagpolicy",
        "untagpolicy",
    )
)
_LINKED_ROLE_CHANGES = frozenset(
    f"iam:{name}"
    for name in (
        "attachrolepolicy",
        "deleterole",
        "deleterolepermissionsboundary",
        "deleterolepolicy",
        "detachrolepolicy",
        "putrolepermissionsboundary",
        "putrolepolicy",
        "updateassumerolepolicy",
    )
)
_RESERVED_ROLE_CHANGES = _LINKED_ROLE_CHANGES | {
    f"iam:{name}"
    for name in (
        "createrole",
        "createservicelinkedrole",
        "deleteservicelinkedrole",
        "passrole",
        "tagrole",
        "untagrole",
        "updaterole",
        "updateroledescription",
    )
}
_NOT_BY_SESSIONS = frozenset({"sts:getsessiontoken", "sts:getfederationtoken"})
_NOT_BY_FEDERATED_USERS = ("iam:", "sts:")
_PARTS = 6


def is_kept_by_aws(facts: Facts) -> bool:
    """Whether the request is refused whatever policies allow."""
    action = facts.action
    if facts.principal.kind == "federated":
        return action.startswith(_NOT_BY_FEDERATED_USERS)
    if action in _NOT_BY_SESSIONS:
        return facts.principal.kind == "session"
    if not action.startswith(("iam:", "kms:")) or len(facts.parts) != _PARTS:
        return False
    account, resource = facts.parts[4], facts.parts[5]
    if action in ALIAS_CHANGES:
        return resource.lower().startswith("alias/aws/")
    if action in _POLICY_CHANGES:
        return account == "aws" and resource.startswith("policy/")
    if facts.principal.service_linked or action not in _RESERVED_ROLE_CHANGES:
        return False
    linked = action in _LINKED_ROLE_CHANGES and resource.startswith("role/aws-service-role/")
    return linked or resource.startswith("role/aws-reserved/")

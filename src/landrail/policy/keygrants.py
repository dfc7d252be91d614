"""KMS grants: a third source of permission on a key, never of denial.

Source: KMS Developer Guide, "Grants in AWS KMS": grantee, operations, constraints.
"""

from __future__ import annotations

from collections.abc import Iterable

from landrail.policy.facts import Facts
from landrail.policy.values import Grant, Principal

_CONTEXT = "kms:encryptioncontext:"
_CONTEXT_KEYS = "kms:encryptioncontextkeys"


def granting(facts: Facts, grants: Iterable[Grant]) -> bool:
    """Whether one of the grants on the request's key allows the action to the principal."""
    operation = facts.action.partition(":")[2]
    return any(
        operation in {o.lower() for o in grant.operations}
        and _is_grantee(facts.principal, grant.grantee)
        and _constraints_hold(facts, grant)
        for grant in grants
    )


def _is_grantee(principal: Principal, grantee: str) -> bool:
    names = {principal.arn, principal.role_arn, principal.user_arn}
    return grantee in names or grantee == f"arn:aws:iam::{principal.account}:root"


def _constraints_hold(facts: Facts, grant: Grant) -> bool:
    if grant.source_arn is not None and facts.get("aws:sourcearn") != grant.source_arn:
        return False
    for wanted in (grant.equals, grant.subset):
        if wanted and any(facts.get(_CONTEXT + k.lower()) != v for k, v in wanted.items()):
            return False
    if grant.equals is None:
        return True
    keys = facts.get(_CONTEXT_KEYS) or ()
    given = {keys} if isinstance(keys, str) else set(keys)
    return given == set(grant.equals)

"""KMS grants: a third source of permission on a key, never of denial.

Source: KMS Developer Guide, "Grants in AWS KMS": grantee, operations; KMS API Reference,
GrantConstraints: which constraints which operations have; RetireGrant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from landrail.policy.facts import Facts
from landrail.policy.principals import same_account, same_role
from landrail.policy.values import Grant, Principal

_CONTEXT = "kms:encryptioncontext:"
_CONTEXT_KEYS = "kms:encryptioncontextkeys"
_RETIRE = "retiregrant"

WITHOUT_CONTEXT = frozenset(
    {
        "DeriveSharedSecret",
        "DescribeKey",
        "GenerateMac",
        "GetPublicKey",
        "RetireGrant",
        "Sign",
        "Verify",
        "VerifyMac",
    }
)
"""Operations without an encryption context, to which its constraints do not apply."""

OPERATIONS = WITHOUT_CONTEXT | {
    "CreateGrant",
    "Decapsulate",
    "Decrypt",
    "Encapsulate",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateDataKeyWithoutPlaintext",
    "ReEncryptFrom",
    "ReEncryptTo",
}
"""All that a grant can allow."""

_WITHOUT_CONTEXT = frozenset(name.lower() for name in WITHOUT_CONTEXT)


def granting(facts: Facts, grants: Sequence[Grant], *, delegated: bool = True) -> bool:
    """Whether one of the grants on the request's key allows the action to the principal. A grant
    to an account only delegates: `delegated` says that the caller's identity side allows. Which
    grant is retired, the request does not say: each must let the caller do it."""
    if not grants:
        return False
    operation = facts.action.partition(":")[2]
    enough = all if operation == _RETIRE else any
    return enough(_allows(facts, operation, grant, delegated) for grant in grants)


def _allows(facts: Facts, operation: str, grant: Grant, delegated: bool) -> bool:
    retiring = grant.retiring if operation == _RETIRE else None
    if retiring is not None and _is(facts.principal, retiring, delegated):
        return True
    return (
        operation in {o.lower() for o in grant.operations}
        and _is(facts.principal, grant.grantee, delegated)
        and _constraints_hold(facts, operation, grant)
    )


def _is(principal: Principal, named: str, delegated: bool) -> bool:
    if named in {principal.arn, principal.role_arn, principal.user_arn}:
        return True
    return same_role(principal, named) or (delegated and same_account(principal, named))


def _constraints_hold(facts: Facts, operation: str, grant: Grant) -> bool:
    of = grant.source_arn
    if of is not None and operation != _RETIRE and facts.get("aws:sourcearn") != of:
        return False
    if operation in _WITHOUT_CONTEXT:
        return True
    if any(not _given(facts, pairs) for pairs in (grant.equals, grant.subset) if pairs):
        return False
    return grant.equals is None or _names(facts) == {key.lower() for key in grant.equals}


def _given(facts: Facts, pairs: Mapping[str, str]) -> bool:
    """Whether the request's encryption context has the pairs; keys are compared without case."""
    return all(facts.get(_CONTEXT + key.lower()) == value for key, value in pairs.items())


def _names(facts: Facts) -> set[str]:
    """The keys of the request's encryption context, as it says them or as its pairs show them."""
    said = facts.get(_CONTEXT_KEYS) or ()
    listed = (said,) if isinstance(said, str) else said
    return {key.lower() for key in listed} | facts.under(_CONTEXT)

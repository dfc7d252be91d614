"""What S3 calls public: a policy of which some statement's grant is not to fixed values.

Source: "The meaning of public" in S3's "Blocking public access to your storage".
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from landrail.policy.document import ConditionTest, Document, PrincipalEntry, Statement
from landrail.policy.values import Request

_POSITIVE = {
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "ArnEquals",
    "ArnLike",
    "IpAddress",
}
_FIXED_KEYS = {
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalservicename",
    "aws:sourcearn",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceowner",
    "aws:sourceaccount",
    "s3:dataaccesspointaccount",
}
_POINT_OF_ACCOUNT = re.compile(r"arn:aws[a-z-]*:s3:[^*?]*:\d{12}:accesspoint/.*\Z")
_WIDEST_V4 = 8
_WIDEST_V6 = 32


def is_public(document: Document) -> bool:
    """Whether the policy is public; one public statement makes all of it so."""
    return bool(public_statements(document))


def public_statements(document: Document) -> tuple[Statement, ...]:
    """The statements that make a policy public."""
    return tuple(s for s in document.statements if s.effect == "Allow" and _public(s))


def _public(statement: Statement) -> bool:
    principals = statement.principals or ()
    if not statement.not_principal and not any(map(_open, principals)):
        return False
    return not any(_limits(test) for test in statement.conditions)


def _open(principal: PrincipalEntry) -> bool:
    """Everybody; and whoever holds an identity provider's token, S3's first example of public."""
    return principal.value == "*" or principal.type == "Federated"


def _limits(test: ConditionTest) -> bool:
    if test.operator not in _POSITIVE or test.if_exists or test.quantifier == "ForAllValues":
        return False
    fixed = _fixed_values(test.key.lower())
    return fixed is not None and all(fixed(v) for v in test.values)


def _fixed_values(key: str) -> Callable[[str], bool] | None:
    if key == "aws:sourceip":
        return _narrow_range
    if key == "aws:userid":
        return lambda v: _plain(v) and not v.startswith("AROA")
    if key == "s3:dataaccesspointarn":
        return lambda v: _POINT_OF_ACCOUNT.match(v) is not None
    return _plain if key in _FIXED_KEYS else None


def _plain(value: str) -> bool:
    return not any(mark in value for mark in ("*", "?", "${"))


def _narrow_range(value: str) -> bool:
    """Whether a range is one that S3 takes for fixed; those of RFC 1918 always are."""
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:  # a pattern, or text: a string operator may compare an address with either
        return False
    return network.prefixlen >= (_WIDEST_V4 if network.version == 4 else _WIDEST_V6)


_TAKES_ACL = frozenset(
    f"s3:{name}"
    for name in ("createbucket", "putbucketacl", "putobject", "putobjectacl", "putobjectversionacl")
)
_PUBLIC_ACLS = frozenset({"public-read", "public-read-write", "authenticated-read"})
_PUBLIC_GROUPS = ("groups/global/allusers", "groups/global/authenticatedusers")


def gives_public_acl(request: Request) -> bool:
    """Whether the request sets an ACL that grants to everybody or to every user of AWS."""
    if request.action.lower() not in _TAKES_ACL:
        return False
    for key, value in request.context.items():
        given = (value,) if isinstance(value, str) else value
        name = key.lower()
        if name == "s3:x-amz-acl" and any(v in _PUBLIC_ACLS for v in given):
            return True
        if name.startswith("s3:x-amz-grant-") and any(_to_public_group(v) for v in given):
            return True
    return False


def _to_public_group(grantee: str) -> bool:
    return any(group in grantee.lower() for group in _PUBLIC_GROUPS)

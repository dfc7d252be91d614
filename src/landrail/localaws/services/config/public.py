"""Whether a bucket's policy or ACL is public, in S3's own meaning of the word.

A policy is presumed public unless each of its grants is limited to fixed values (no wildcard, no
variable) of a principal, or of one of the condition keys below. Source: Amazon S3 User Guide, "The
meaning of public".
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

_GROUPS = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)
# Fixed values of these limit a grant.
_FIXED = frozenset(
    {
        *("aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner"),
        *("aws:sourceaccount", "aws:principalorgid", "aws:principalarn", "aws:principalaccount"),
        *("s3:dataaccesspointaccount", "aws:sourceorgid", "aws:principalservicename"),
    }
)
_EQUAL = re.compile(r"(ForAnyValue:)?(String|Arn)(Equals|Like|EqualsIgnoreCase)")
_WIDEST = {4: 8, 6: 32}
# Names that a public grant to read, or to write, may stand for.
READS = ("getobject", "getobjectversion", "listbucket", "listbucketversions", "getobjectacl")
WRITES = ("putobject", "deleteobject", "deleteobjectversion", "putobjectacl", "putbucketacl")


def policy_allows(policy: Mapping[str, Any] | None, actions: Iterable[str]) -> bool:
    """Say whether a policy publicly allows one of some S3 actions (in lower case)."""
    return any(_touches(statement, actions) for statement in _public(policy))


def acl_allows(grants: Iterable[tuple[str, str]], permissions: Iterable[str]) -> bool:
    """Say whether an ACL gives everybody one of some permissions."""
    wanted = {*permissions, "FULL_CONTROL"}
    return any(grantee in _GROUPS and permission in wanted for grantee, permission in grants)


def _public(policy: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    for statement in _listed((policy or {}).get("Statement")):
        if statement.get("Effect") == "Allow" and _anybody(statement) and not _limited(statement):
            yield statement


def _anybody(statement: Mapping[str, Any]) -> bool:
    if "NotPrincipal" in statement:
        return True
    principal = statement.get("Principal")
    if not isinstance(principal, Mapping):
        return principal == "*"
    return any("*" in str(value) for value in _listed(principal.get("AWS")))


def _limited(statement: Mapping[str, Any]) -> bool:
    for operator, tests in (statement.get("Condition") or {}).items():
        for key, values in tests.items():
            if values not in ([], None) and all(
                _narrow(operator, key.lower(), str(value)) for value in _listed(values)
            ):
                return True
    return False


def _narrow(operator: str, key: str, value: str) -> bool:
    if key == "aws:sourceip":
        return operator == "IpAddress" and _few_addresses(value)
    if not _EQUAL.fullmatch(operator):
        return False
    if key == "aws:userid":
        return re.fullmatch(r"[^*?$]+(:\*)?", value) is not None and not value.startswith("*")
    if key == "s3:dataaccesspointarn":
        # The account must be fixed; the access point's name may be a wildcard.
        return re.match(r"arn:[^:]+:s3:[^:]*:[0-9]{12}:", value) is not None
    return key in _FIXED and not re.search(r"[*?]|\$\{", value)


def _few_addresses(value: str) -> bool:
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return network.is_private or network.prefixlen >= _WIDEST[network.version]


def _touches(statement: Mapping[str, Any], actions: Iterable[str]) -> bool:
    if "NotAction" in statement:
        spared = [str(pattern).lower() for pattern in _listed(statement["NotAction"])]
        return any(not _matches(spared, action) for action in actions)
    patterns = [str(pattern).lower() for pattern in _listed(statement.get("Action"))]
    return any(_matches(patterns, action) for action in actions)


def _matches(patterns: list[str], action: str) -> bool:
    return any(fnmatchcase(f"s3:{action}", pattern) for pattern in patterns)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]

"""Whether a bucket's policy or ACL publicly allows some actions, in S3's own meaning of public.

What "public" means is the policy engine's to say (`landrail.policy.is_public`); here it is asked of
one statement at a time, because Config's rules for reading and for writing look at actions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from landrail.policy import InvalidPolicy, is_public, parse_document

_GROUPS = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)
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
    version = (policy or {}).get("Version", "2012-10-17")
    for statement in _listed((policy or {}).get("Statement")):
        if statement.get("Effect") == "Allow" and _is_public(version, statement):
            yield statement


def _is_public(version: Any, statement: Mapping[str, Any]) -> bool:
    """Whether one statement makes a policy public; S3 begins by assuming that it does, so one that
    cannot be read counts."""
    try:
        document = parse_document({"Version": version, "Statement": [statement]}, kind="resource")
    except InvalidPolicy:
        return True
    return is_public(document)


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

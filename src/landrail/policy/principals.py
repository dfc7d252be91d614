"""Principal elements made ready: whether a statement names the caller, and how.

How matters: inside one account a grant to a user, to a role, to a session, to everybody or to the
account reaches differently far past boundaries and session policies.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum

from landrail.policy.document import PrincipalEntry, Statement
from landrail.policy.values import Principal

_ACCOUNT = re.compile(r"(?:arn:(?P<partition>aws[a-z-]*):iam::)?(?P<account>\d{12})(?::root)?\Z")

_ROLE = re.compile(r"(?P<head>arn:[^:]+:iam::\d{12}:role/)(?:.*/)?(?P<name>[^/]+)\Z")


class Naming(IntEnum):
    """How a statement names the caller; a higher one reaches further inside one account."""

    ACCOUNT = 1
    EVERYONE = 2
    OF_SESSION = 3
    """The role of the calling session, or the user behind a federated one."""
    EXACT = 4
    """The user, session, federated user, service or provider itself."""


def compile_principals(statement: Statement) -> Callable[[Principal], Naming | None] | None:
    """Return the test for a statement's `Principal`; None: it has none and is about its owner."""
    if statement.principals is None or statement.not_principal:
        return None
    entries = statement.principals
    everyone = any(e.value == "*" for e in entries)
    arns, services, providers, canonical = (
        frozenset(e.value for e in entries if e.type == kind)
        for kind in ("AWS", "Service", "Federated", "CanonicalUser")
    )
    accounts, roles = _accounts(entries), _roles(arns)

    def test(principal: Principal) -> Naming | None:
        kind = principal.kind
        if kind == "service":
            if principal.arn in services:
                return Naming.EXACT
            return Naming.EVERYONE if everyone else None
        if kind == "web":
            if principal.arn in providers:
                return Naming.EXACT
            return Naming.EVERYONE if everyone else None
        if kind in ("user", "session", "federated"):
            own = principal.arn != principal.role_arn
            if own and (principal.arn in arns or (kind == "user" and _id(principal) in arns)):
                return Naming.EXACT
            behind = (principal.role_arn, principal.user_arn, _id(principal))
            if any(name is not None and name in arns for name in behind):
                return Naming.OF_SESSION
            if not principal.path_known and principal.role_arn in roles:
                return Naming.OF_SESSION
        if principal.canonical_id is not None and principal.canonical_id in canonical:
            return Naming.ACCOUNT
        if everyone:
            return Naming.EVERYONE
        return Naming.ACCOUNT if _of_account(principal, accounts) else None

    return test


def compile_exempt(statement: Statement) -> Callable[[Principal], bool] | None:
    """Return the test for being spared by `NotPrincipal`; None: there is no such element.

    Services may look at the account before the user, so each level has to be listed: the account,
    the user or role, and the session.
    """
    if not statement.not_principal:
        return None
    entries = statement.principals or ()
    listed = frozenset(e.value for e in entries)
    accounts, roles = _accounts(entries), _roles(listed)

    def test(principal: Principal) -> bool:
        if "*" in listed:
            return True
        if principal.kind in ("service", "web"):
            return principal.arn in listed
        if not _of_account(principal, accounts):
            return False
        if principal.kind == "root":
            return True
        own = principal.arn in listed
        if principal.role_arn is None or principal.role_arn in listed:
            return own
        return own and not principal.path_known and principal.role_arn in roles

    return test


def same_role(principal: Principal, arn: str) -> bool:
    """Whether an ARN is that of the caller's role, whose path the caller does not show."""
    return not principal.path_known and principal.role_arn in _roles(frozenset({arn}))


def same_account(principal: Principal, named: str) -> bool:
    """Whether the caller's account is named, by its id or as `...:root`."""
    return _of_account(principal, _accounts((PrincipalEntry("AWS", named),)))


def _roles(arns: frozenset[str]) -> frozenset[str]:
    """The ARNs of roles without their paths, for callers of whom the path is not known."""
    found = (_ROLE.match(arn) for arn in arns)
    return frozenset(f"{m['head']}{m['name']}" for m in found if m)


def _accounts(entries: tuple[PrincipalEntry, ...]) -> frozenset[tuple[str | None, str]]:
    found = (_ACCOUNT.match(e.value) for e in entries if e.type == "AWS")
    return frozenset((m["partition"], m["account"]) for m in found if m)


def _of_account(principal: Principal, accounts: frozenset[tuple[str | None, str]]) -> bool:
    if not accounts or principal.account is None:
        return False
    partition = principal.arn.split(":", 2)[1] if principal.arn.startswith("arn:") else "aws"
    return (None, principal.account) in accounts or (partition, principal.account) in accounts


def _id(principal: Principal) -> str | None:
    """The unique id of the role or user, as trust policies keep it; None where it has none."""
    own = principal.user_id.partition(":")[0]
    return own if own.startswith(("AROA", "AIDA")) else None

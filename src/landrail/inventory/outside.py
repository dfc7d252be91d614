"""Whom a resource policy or a role's trust lets in from outside the organization.

Judged from the policy alone, as IAM's Access Analyzer does with the organization as its zone of
trust: who is named, and what the conditions leave of that. AWS's own services are not outside;
what they may do for others is the business of their source conditions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from landrail.inventory.ask import Ask
from landrail.inventory.policies import NOT_UNDERSTOOD, parsed
from landrail.inventory.realm import realm_of
from landrail.policy.document import ConditionTest, PrincipalEntry, Statement

_POSITIVE = re.compile(r"(String(Equals|EqualsIgnoreCase|Like))|(Arn(Equals|Like))")
_ORGANIZATIONS = {"aws:principalorgid", "aws:sourceorgid", "aws:vpceorgid"}
_PATHS = {"aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"}
_ACCOUNTS = {
    *("aws:principalaccount", "aws:sourceaccount", "aws:sourceowner", "aws:vpceaccount"),
    *("kms:calleraccount", "s3:dataaccesspointaccount"),
}
_ARNS = {"aws:principalarn", "aws:sourcearn", "s3:dataaccesspointarn", "aws:sourcevpcarn"}
_NETWORKS = {"aws:sourcevpc", "aws:sourcevpce"}
_NUMBER = re.compile(r"\d{12}")
_DELETED = re.compile(r"A(ID|RO|GP|NP)A[A-Z0-9]+")


def outsiders(
    policy: Mapping[str, Any] | str | None, ask: Ask, trust: bool = False
) -> tuple[str, ...]:
    """Return whom a policy lets in who is not of the organization: account ids, `*` for everybody,
    an organization's id, an ARN or provider that belongs to no account; raises Refused where the
    organization cannot be learned."""
    if policy is None:
        return ()
    document = parsed(policy, "trust" if trust else "resource")
    if document is None:
        return (NOT_UNDERSTOOD,)
    foreign: set[str] = set()
    for statement in document.statements:
        if statement.effect == "Allow":
            found = _let_in(statement, ask)
            if found and not any(_keeps_out(d, statement, ask) for d in document.statements):
                foreign |= found
    return tuple(sorted(foreign))


def _keeps_out(denial: Statement, grant: Statement, ask: Ask) -> bool:
    """Whether a statement denies what another allows to all who are not of the organization, with
    no exception but for AWS's own services."""
    if denial.effect != "Deny" or denial.not_action or denial.not_resource:
        return False
    if {entry.value for entry in denial.principals or ()} != {"*"} or denial.not_principal:
        return False
    if grant.not_action or not _covers(denial.actions, grant.actions, fold=True):
        return False
    if grant.not_resource or not _covers(denial.resources or ("*",), grant.resources or ("*",)):
        return False
    strangers = [test for test in denial.conditions if _of_strangers(test, ask)]
    others = [test for test in denial.conditions if test not in strangers]
    return len(strangers) == 1 and all(map(_spares_services, others))


def _covers(wide: Iterable[str], narrow: Iterable[str], fold: bool = False) -> bool:
    outer = [one.lower() if fold else one for one in wide]
    inner = [one.lower() if fold else one for one in narrow]
    return all(any(fnmatchcase(one, pattern) for pattern in outer) for one in inner)


def _of_strangers(test: ConditionTest, ask: Ask) -> bool:
    negative = test.operator in ("StringNotEquals", "StringNotEqualsIgnoreCase")
    return (
        negative
        and test.quantifier is None
        and test.key.lower() in ("aws:principalorgid", "aws:principalaccount")
        and all(realm_of(ask).holds(value) for value in test.values)
    )


def _spares_services(test: ConditionTest) -> bool:
    return (test.key.lower(), test.operator, test.values) == (
        "aws:principalisawsservice",
        "Bool",
        ("false",),
    )


def _let_in(statement: Statement, ask: Ask) -> set[str]:
    named = _strangers(set(_named(statement)), ask)
    if not named:
        return set()
    left = [found for test in statement.conditions if (found := _limit(test)) is not None]
    kept = [_strangers(found, ask) for found in left]
    if any(not strangers for strangers in kept):
        return set()
    return min(kept, key=len) if kept and "*" in named else named


def _strangers(who: set[str], ask: Ask) -> set[str]:
    """Those who are not of the organization, which is asked for only where somebody else is."""
    others = who - {ask.account}
    if not others or others == {"*"}:
        return others
    realm = realm_of(ask)
    return {other for other in others if not realm.holds(other)}


def _named(statement: Statement) -> Iterator[str]:
    if statement.not_principal:
        yield "*"
    else:
        for entry in statement.principals or ():
            if (found := _one(entry)) is not None:
                yield found


def _one(entry: PrincipalEntry) -> str | None:
    if entry.type == "Service" or _DELETED.fullmatch(entry.value):
        return None
    if entry.value == "*":
        return "*"
    return _account(entry.value)


def _account(text: str) -> str:
    """The account of an ARN or an account's id; what has none stands for itself."""
    fields = text.split(":")
    found = fields[4] if len(fields) > 5 else text
    return found if _NUMBER.fullmatch(found) else text


def _limit(test: ConditionTest) -> set[str] | None:
    """Whom a condition leaves; None where it says nothing about who."""
    key = test.key.lower()
    if test.if_exists or test.quantifier == "ForAllValues":
        return None
    if key == "aws:principalisawsservice":
        return set() if test.operator == "Bool" and test.values == ("true",) else None
    if not _POSITIVE.fullmatch(test.operator):
        return None
    if key in _NETWORKS:
        return set() if all(_plain(value) for value in test.values) else None
    found = {_who(key, value) for value in test.values}
    return None if None in found else {who for who in found if who is not None}


def _who(key: str, value: str) -> str | None:
    if key in _ORGANIZATIONS or key in _ACCOUNTS:
        return value if _plain(value) else None
    if key in _PATHS:
        first = value.split("/")[0]
        return first if _plain(first) and "/" in value else None
    if key in _ARNS:
        who = _account(value)
        return who if _plain(who) else None
    return None


def _plain(value: str) -> bool:
    return not any(mark in value for mark in ("*", "?", "${"))

"""Who may enter which role of which account, read off the roles that are really built.

The compiled trust policies are the one source: nothing here repeats the access matrix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.diagnostics import Diagnostic, Mistakes, nearest
from landrail.resources import Account, Stack, Wanted

_EVERYDAY = ("data-scientist", "mlops", "data-engineer", "operator", "security")
_RESERVED = re.compile(r"AWSReservedSSO_(.+?)(?:_[0-9a-f]{16})?")
_SELDOM = ("auditor", "administrator", "break-glass")


@dataclass(frozen=True, slots=True)
class Way:
    """A role in an account and the people who may enter it; machine roles have none. `path` is the
    role's path and name, as in its ARN; `mfa` whether a second factor is asked for."""

    account: str
    role: str
    path: str
    people: tuple[str, ...]
    mfa: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One person on their way into one role."""

    person: str
    way: Way


def ways(wanted: Wanted) -> tuple[Way, ...]:
    """Return every role of the platform."""
    return tuple(way for stack in wanted.of_kind(Stack) for way in _ways_of(stack))


def choose(wanted: Wanted, who_at: str) -> Entry:
    """Return who enters what for `WHO@ACCOUNT`: WHO is a person, a role, or PERSON/ROLE; raises
    Mistakes that list those there are."""
    who, at, account = who_at.rpartition("@")
    accounts = [made.name for made in wanted.of_kind(Account)]
    if not at or not who:
        raise _mistake(f"`{who_at}` is not WHO@ACCOUNT", f"accounts here: {', '.join(accounts)}")
    if account not in accounts:
        raise no_account(account, wanted)
    here = tuple(way for way in ways(wanted) if way.account == account)
    return _chosen(who, here, account)


def by_permission_set(wanted: Wanted, who_at: str, name: str | None) -> Entry | None:
    """Return who enters which account by a permission set of Identity Center: `name`, or the one of
    the reserved role in `PERSON/AWSReservedSSO_...@ACCOUNT`; None where neither is given. Whether
    the person has it is Identity Center's to say. Raises Mistakes."""
    who, at, account = who_at.rpartition("@")
    person, _, role = who.partition("/")
    match = _RESERVED.fullmatch(role)
    if name is None and match is None:
        return None
    accounts = [made.name for made in wanted.of_kind(Account)]
    if not at or not person:
        raise _mistake(f"`{who_at}` is not PERSON@ACCOUNT", f"accounts here: {', '.join(accounts)}")
    if role and match is None:
        raise _mistake(f"`{role}` is no role of Identity Center", "give PERSON@ACCOUNT alone")
    if account not in accounts:
        raise no_account(account, wanted)
    found = match[1] if match else ""
    if name is not None and match is not None and name != found:
        raise _mistake(f"`{role}` is not of the permission set `{name}`", "give one of the two")
    return Entry(person, Way(account, name or found, "", (person,), mfa=False))


def _chosen(who: str, here: tuple[Way, ...], account: str) -> Entry:
    entries = sorted(
        (Entry(person, way) for way in here for person in way.people), key=lambda e: _rank(e.way)
    )
    person, slash, role = who.partition("/")
    for entry in entries:
        if slash and (entry.person, entry.way.role) == (person, role):
            return entry
        if not slash and entry.person == who and entry.way.role != "break-glass":
            return entry
    for entry in entries:
        if not slash and entry.way.role == who:
            return entry
    raise _nobody(who, entries, here, account)


def _nobody(who: str, entries: list[Entry], here: tuple[Way, ...], account: str) -> Mistakes:
    machines = [way.role for way in here if not way.people]
    words = [e.person for e in entries] + [e.way.role for e in entries]
    listed = "; ".join(f"{e.person} ({e.way.role})" for e in entries) or "nobody"
    remedy = f"those who can: {listed}"
    near = nearest(who, words)
    if who in machines:
        return _mistake(f"role `{who}` of {account} is not entered by people", remedy)
    if near and near != who:
        remedy = f"did you mean `{near}`? {remedy}"
    return _mistake(f"`{who}` cannot enter {account}", remedy)


def _rank(way: Way) -> int:
    """Order roles by how everyday they are, for people who have several in one account."""
    for number, prefix in enumerate((*_EVERYDAY, *_SELDOM)):
        if way.role == prefix or way.role.startswith(f"{prefix}-"):
            return number
    return len(_EVERYDAY)


def _ways_of(stack: Stack) -> Iterator[Way]:
    for made in stack.template.get("Resources", {}).values():
        if made["Type"] != "AWS::IAM::Role" or "RoleName" not in made["Properties"]:
            continue
        properties = made["Properties"]
        name = properties["RoleName"]
        people: dict[str, None] = {}
        mfa = False
        for statement in properties["AssumeRolePolicyDocument"]["Statement"]:
            if "sts:AssumeRoleWithWebIdentity" in _texts(statement.get("Action")):
                people.update(dict.fromkeys(_condition(statement, ":sub")))
                mfa = mfa or bool(_condition(statement, ":amr"))
        path = f"{properties.get('Path', '/')}{name}".lstrip("/")
        yield Way(stack.account, name, path, tuple(people), mfa)


def _condition(statement: Mapping[str, Any], ending: str) -> list[str]:
    return [
        text
        for keys in statement.get("Condition", {}).values()
        for key, value in keys.items()
        if key.endswith(ending)
        for text in _texts(value)
    ]


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def no_account(name: str, wanted: Wanted, place: str = "") -> Mistakes:
    """Return what to say of an account that the file does not have."""
    names = [made.name for made in wanted.of_kind(Account)]
    near = nearest(name, names)
    remedy = f"{f'did you mean `{near}`? ' if near else ''}accounts here: {', '.join(names)}"
    return _mistake(f"{place}there is no account `{name}`", remedy)


def _mistake(summary: str, remedy: str) -> Mistakes:
    return Mistakes([Diagnostic(summary, remedy)])

"""Lock-outs in the user's words: which guardrail, which role, which action, which statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from landrail.compiler.guardrails.choosing import Chosen, chosen
from landrail.compiler.guardrails.lockout.deciding import RCP, SCP, Denial, Guarded
from landrail.compiler.guardrails.lockout.machines import (
    ORGANIZATION,
    Machine,
    Site,
    machines,
    tags_of,
)
from landrail.compiler.guardrails.lockout.requests import Asked, asked
from landrail.diagnostics import Diagnostic, Severity, SourceRange
from landrail.guardrails.powers import BREAK_GLASS, PLATFORM, VENDING_ROLE
from landrail.handover import DEFAULT_INSTANCE_TYPE
from landrail.policy import ContextValue, Principal
from landrail.resources import Wanted
from landrail.spec import Platform

_ENTERING = "sts:AssumeRole"
_BY_TOKEN = "sts:AssumeRoleWithWebIdentity"
_OURS: Mapping[str, ContextValue] = {"aws:PrincipalOrgID": ORGANIZATION}
_OF_RECIPES = frozenset({"sagemaker:instancetypes"})
"""What a model's recipe decides about its requests."""
_UNTOLD = frozenset(
    {
        "aws:currenttime",
        "aws:epochtime",
        "aws:principalorgpaths",
        "aws:tokenissuetime",
        "aws:userid",
    }
)
"""What every request of a role has, with a value that is not known here."""


@dataclass(frozen=True, slots=True)
class _Lockout:
    """Something that a machine must be able to do and cannot; `beside` are the statements without
    which it could."""

    denial: Denial
    machine: str
    account: str
    action: str
    model: str | None = None
    surely: bool = True
    beside: tuple[Denial, ...] = ()


def check(
    platform: Platform, wanted: Wanted, instance_types: Mapping[str, str] | None = None
) -> Iterator[Diagnostic]:
    """Yield a mistake for each statement that locks out a machine's role or a pipeline's request.
    Where a recipe is not known (`instance_types` has those that are) and the statement denies what
    a recipe may change, it is a warning."""
    site = Site.of(wanted)
    guarded = Guarded(site)
    base: dict[str, ContextValue] = {
        "aws:SecureTransport": "true",
        "aws:RequestedRegion": platform.region,
    }
    found: dict[tuple[str, str, bool], list[_Lockout]] = {}
    known = instance_types or {}
    catalogue = chosen(platform)
    for one in (
        *_of_machines(site, guarded, base),
        *_of_requests(platform, site, guarded, base, known),
    ):
        told = _blamed(one, catalogue)
        place = (told.denial.guardrail, told.denial.sid, told.surely)
        found.setdefault(place, []).append(told)
    for (guardrail, sid, _), lockouts in found.items():
        yield _told(platform, catalogue, guardrail, sid, lockouts)


def _blamed(one: _Lockout, catalogue: Chosen) -> _Lockout:
    """Return a lock-out with the statement first that is the easiest to change: one of the
    enterprise's own, else of a guardrail that the file chooses by name."""
    if not one.beside:
        return one
    every = sorted((one.denial, *one.beside), key=lambda denial: _ease(denial, catalogue))
    return replace(one, denial=every[0], beside=tuple(every[1:]))


def _ease(denial: Denial, catalogue: Chosen) -> int:
    if denial.guardrail in catalogue.own:
        return 0
    return 1 if denial.guardrail in catalogue.facts.options else 2


def _of_machines(
    site: Site, guarded: Guarded, base: Mapping[str, ContextValue]
) -> Iterator[_Lockout]:
    for machine in machines(site):
        caller = _session(machine.arn)
        context = {**base, **_OURS, **_of_session(machine.name, machine.tags)}
        for need in machine.needs:
            owner = site.owner(need.resource, machine.account)
            bound = guarded.binding(need.action, machine.account, owner)
            alone = False
            for kind, account in bound:
                denial = guarded.denied(kind, account, caller, need.action, need.resource, context)
                if denial is not None:
                    alone = True
                    yield _Lockout(denial, machine.name, machine.account, need.action)
            if not alone:
                call = (bound, caller, need.action, need.resource, context)
                if several := guarded.between_them(*call):
                    first, *others = several
                    yield _Lockout(
                        first, machine.name, machine.account, need.action, beside=tuple(others)
                    )
        yield from _entries(guarded, machine, context, base)


def _entries(
    guarded: Guarded,
    machine: Machine,
    context: Mapping[str, ContextValue],
    outside: Mapping[str, ContextValue],
) -> Iterator[_Lockout]:
    """Yield who can no longer enter a role: resource control policies are about that too."""
    if not guarded.reaches(RCP, machine.account, _ENTERING):
        return
    for entered_by in machine.entered_by:
        if entered_by == "*":
            account = machine.arn.split(":")[4]
            caller = Principal("web", f"arn:aws:iam::{account}:oidc-provider/issuer", None)
            action, keys = _BY_TOKEN, outside
        elif entered_by.startswith("arn:"):
            caller, action, keys = _session(entered_by), _ENTERING, context
        else:
            caller, action, keys = Principal("service", entered_by, None), _ENTERING, outside
        denial = guarded.denied(RCP, machine.account, caller, action, machine.arn, keys)
        several: tuple[Denial, ...] = () if denial is None else (denial,)
        if denial is None:
            bound = ((RCP, machine.account),)
            several = guarded.between_them(bound, caller, action, machine.arn, keys)
        if several:
            into = f"{action} into it"
            yield _Lockout(several[0], machine.name, machine.account, into, beside=several[1:])


def _of_requests(
    platform: Platform,
    site: Site,
    guarded: Guarded,
    base: Mapping[str, ContextValue],
    known: Mapping[str, str],
) -> Iterator[_Lockout]:
    for request in asked(platform, site.ids, known):
        caller = _session(f"arn:aws:iam::{site.ids[request.account]}:role/landrail/{request.role}")
        session = _of_session(request.role, tags_of(site, request.account))
        base = {**base, **session}
        several = _denies(guarded, request, caller, base)
        if not several:
            continue
        surely = request.model in known or not request.instance_type
        if not surely:
            # What denies it whatever the recipe names instead?
            others = _denies(guarded, request, caller, base, open_keys=_OF_RECIPES)
            surely, several = bool(others), others or several
        yield _Lockout(
            several[0],
            request.role,
            request.account,
            request.action,
            request.model,
            surely,
            several[1:],
        )


def _denies(
    guarded: Guarded,
    request: Asked,
    caller: Principal,
    base: Mapping[str, ContextValue],
    *,
    open_keys: frozenset[str] = frozenset(),
) -> tuple[Denial, ...]:
    """Return what denies a request whose keys are all known but some."""
    context = {**base, **_OURS, **request.context}
    open_keys |= _UNTOLD
    bound = guarded.binding(request.action, request.account, request.account)
    call = (caller, request.action, request.resource, context)
    for kind, account in bound:
        denial = guarded.denied(kind, account, *call, open_keys=open_keys)
        if denial is not None:
            return (denial,)
    return guarded.between_them(bound, *call, open_keys=open_keys)


def _of_session(name: str, tags: Mapping[str, str]) -> Mapping[str, ContextValue]:
    """Return what every request of a machine says of its session: the tags of its role, and that
    nobody showed a second factor. Whether those who broke the glass did is theirs to say."""
    second = {} if name == BREAK_GLASS else {"aws:MultiFactorAuthPresent": "false"}
    return {**{f"aws:PrincipalTag/{key}": value for key, value in tags.items()}, **second}


def _session(arn: str) -> Principal:
    account = arn.split(":")[4]
    name = arn.rpartition("/")[2]
    session = f"arn:aws:sts::{account}:assumed-role/{name}/landrail"
    return Principal("session", session, account, role_arn=arn, session_name="landrail")


def _told(
    platform: Platform, catalogue: Chosen, guardrail: str, sid: str, lockouts: list[_Lockout]
) -> Diagnostic:
    first = min(lockouts, key=lambda one: _weight(one.machine))
    more = len({(one.machine, one.account, one.action) for one in lockouts}) - 1
    others = f", and {more} more like it" if more else ""
    whose = f" for model `{first.model}`" if first.model else ""
    where = " together with ".join(map(_statement, (first.denial, *first.beside)))
    summary = (
        f"guardrail `{guardrail}` would lock out role `{first.machine}` of {first.account}: "
        f"{first.action}{whose} is denied by {where}{others}"
    )
    place = _place(platform, catalogue, guardrail, sid)
    if not first.surely:
        return Diagnostic(
            f"{summary}, as far as its recipe names no other instance type than "
            f"{DEFAULT_INSTANCE_TYPE}",
            "name one that is allowed in the recipe, or allow this one there",
            place,
            Severity.WARNING,
        )
    return Diagnostic(summary, _remedy(catalogue, guardrail, first), place)


def _statement(denial: Denial) -> str:
    return f"statement `{denial.sid}` of {denial.policy.name} on {denial.target}"


_FIRST = (PLATFORM, "release", "release-stack", BREAK_GLASS, VENDING_ROLE)


def _weight(machine: str) -> int:
    """Return the place of a role among those that are named first."""
    return _FIRST.index(machine) if machine in _FIRST else len(_FIRST)


def _remedy(catalogue: Chosen, guardrail: str, first: _Lockout) -> str:
    off = "turn it off there with a reason"
    if guardrail in catalogue.facts.options:
        return f"add the values that the platform needs, or {off}"
    if guardrail not in catalogue.own or first.denial.policy.type != SCP or first.model:
        return f"allow what the platform itself does, or {off}"
    named = VENDING_ROLE if first.machine == VENDING_ROLE else f"landrail/{first.machine}"
    return f"exempt `arn:aws:iam::*:role/{named}` (aws:PrincipalArn) in it, or {off}"


def _place(platform: Platform, catalogue: Chosen, guardrail: str, sid: str) -> SourceRange | None:
    """Return the statement in a policy of one's own, or the entry that chose the guardrail."""
    file = catalogue.own.get(guardrail)
    if file is not None:
        for number, name in enumerate(catalogue.own_sids(guardrail)):
            if sid.startswith(name):
                return file.where(number)
    return platform.where(*catalogue.place(guardrail))

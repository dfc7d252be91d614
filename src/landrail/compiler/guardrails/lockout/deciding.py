"""What packed policies are sure to deny, whatever a request carries that is not known here.

A key of a request is known (who calls, from which organization and region) or it is not. A Deny
counts when all of its conditions hold by known keys and its resources cover all that is asked for:
what may be allowed with the right parameters is not locked out. Nor is a single Deny what counts
alone: several may leave no values of the other keys with which a call gets past all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from landrail.compiler.guardrails.lockout.chances import has_chance
from landrail.compiler.guardrails.lockout.machines import Site
from landrail.guardrails.regions import GLOBAL_SERVICES
from landrail.policy import ContextValue, Principal, Request, parse_document
from landrail.policy.conditions import CompiledCondition
from landrail.policy.document import Document, DocumentKind
from landrail.policy.facts import Facts
from landrail.policy.program import CompiledStatement, program
from landrail.policy.reference.rcp import RCP_SERVICES
from landrail.resources import Account, Attachment, Policy, Wanted, substitute

SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
_PARSED: Mapping[str, DocumentKind] = {SCP: "scp", RCP: "rcp"}
_WHO = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalisawsservice",
        "aws:principalorgid",
        "aws:principaltag",
        "aws:principaltype",
        "aws:securetransport",
    }
)
_TAGS = "aws:principaltag/"
_OF_SESSIONS = frozenset({"aws:tokenissuetime", "aws:userid"})
"""What every session's requests have, whatever it says."""
REGION = "aws:requestedregion"
_EVERYWHERE = frozenset((*GLOBAL_SERVICES, "cloudfront", "globalaccelerator"))
"""Services without a region, or with a choice of where they are called."""


@dataclass(frozen=True, slots=True)
class Denial:
    """The statement that denies: its policy, its Sid, and the target that it is attached to."""

    policy: Policy
    sid: str
    target: str

    @property
    def guardrail(self) -> str:
        """The guardrail that the statement is of."""
        return self.policy.statements_from[self.sid]


Bound = Sequence[tuple[str, str]]
"""Kinds of policies, each with the account on which it is in force for a call."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A policy on a target, parsed."""

    policy: Policy
    target: str
    document: Document


Found = tuple[_Held, CompiledStatement]
Left = tuple[Found, tuple[CompiledCondition, ...]]
"""A statement, and the conditions of it that are not decided."""


class Guarded:
    """The policies in force on every account of what was compiled."""

    def __init__(self, site: Site) -> None:
        held = _by_target(site)
        self._on = {
            (kind, account): tuple(h for target in chain for h in held.get((kind, target), ()))
            for account, chain in _chains(site.wanted).items()
            for kind in _PARSED
        }
        self._sure: dict[tuple[tuple[int, ...], str, frozenset[str]], tuple[Found, ...]] = {}
        self._who: dict[tuple[int, str], bool] = {}
        self._undecided: dict[tuple[int, str, bool], tuple[CompiledCondition, ...] | None] = {}
        self._chances: dict[tuple[object, ...], bool] = {}

    def denied(
        self,
        kind: str,
        account: str,
        principal: Principal,
        action: str,
        resource: str,
        context: Mapping[str, ContextValue],
        *,
        open_keys: frozenset[str] | None = None,
    ) -> Denial | None:
        """Return what denies a call for sure. Where `open_keys` are given, `context` is all that it
        carries, but for them; else only what is known of the caller."""
        held = self._on.get((kind, account), ())
        if open_keys is None:
            found = [
                one
                for one in self._surely(held, action.lower(), context)
                if self._holds(one[1], principal, context)
            ]
        else:
            found = [f for f in _denying(held, action.lower()) if not open_keys & _keys(f[1])]
        if not found:
            return None
        facts = Facts(Request(principal, action, resource, None, context))
        for policy, statement in found:
            holds = open_keys is None or _all(statement, facts)
            if holds and _covers(statement, facts):
                return Denial(policy.policy, str(statement.statement.sid), policy.target)
        return None

    def between_them(
        self,
        bound: Bound,
        principal: Principal,
        action: str,
        resource: str,
        context: Mapping[str, ContextValue],
        *,
        open_keys: frozenset[str] | None = None,
    ) -> tuple[Denial, ...]:
        """Return the fewest statements found that deny a call between them, whatever the keys say
        that are not known of it; nothing where it has a chance. `open_keys` as for `denied`."""
        facts = Facts(Request(principal, action, resource, None, context))
        known = _known_of(action, context)
        left = [
            (found, conditions)
            for kind, account in bound
            for found in _denying(self._on.get((kind, account), ()), action.lower())
            if (conditions := self._left(found[1], facts, known, open_keys)) is not None
            and _covers(found[1], facts)
        ]
        carried = (open_keys or frozenset()) | (
            _OF_SESSIONS if principal.kind == "session" else frozenset()
        )
        if self._chance(left, carried):
            return ()
        for one in tuple(left):
            others = [other for other in left if other is not one]
            if not self._chance(others, carried):
                left = others
        return tuple(
            Denial(held.policy, str(found.statement.sid), held.target) for (held, found), _ in left
        )

    def _left(
        self,
        statement: CompiledStatement,
        facts: Facts,
        known: frozenset[str],
        open_keys: frozenset[str] | None,
    ) -> tuple[CompiledCondition, ...] | None:
        """Return the conditions that keys decide which are not known; None where one of the others
        does not hold. Where only who calls is known, that is the same for every call of a role."""
        if open_keys is not None:
            return _undecided(statement, facts, lambda key: key not in open_keys)
        caller = facts.principal.role_arn or facts.principal.arn
        place = id(statement), caller, REGION in known
        if place not in self._undecided:
            self._undecided[place] = _undecided(statement, facts, lambda k: _family(k) in known)
        return self._undecided[place]

    def _chance(self, left: Sequence[Left], carried: frozenset[str]) -> bool:
        if not left:
            return True
        place = (
            carried,
            *((id(found[1]), frozenset(c.key for c in conditions)) for found, conditions in left),
        )
        chance = self._chances.get(place)
        if chance is None:
            clauses = tuple(conditions for _, conditions in left)
            chance = has_chance(clauses, carried=carried)
            self._chances[place] = chance
        return chance

    def _holds(
        self, statement: CompiledStatement, caller: Principal, context: Mapping[str, ContextValue]
    ) -> bool:
        """Whether the conditions hold for who calls: the same for every call of a role."""
        place = id(statement), caller.role_arn or caller.arn
        held = self._who.get(place)
        if held is None:
            facts = Facts(Request(caller, "any:Action", "*", None, context))
            held = self._who[place] = _all(statement, facts)
        return held

    def binding(self, action: str, caller: str, owner: str) -> Bound:
        """Return what is in force for a call: service control policies of the caller's account,
        resource control policies of the resource's."""
        kinds = ((SCP, caller), (RCP, owner))
        return tuple(one for one in kinds if self.reaches(*one, action))

    def reaches(self, kind: str, account: str, action: str) -> bool:
        """Say whether policies of a kind are in force there at all, and about the action."""
        if kind == RCP and action.partition(":")[0] not in RCP_SERVICES:
            return False
        return bool(self._on.get((kind, account)))

    def _surely(
        self, held: Sequence[_Held], action: str, context: Mapping[str, ContextValue]
    ) -> tuple[Found, ...]:
        """Return the Deny statements about an action that known keys decide."""
        known = _known_of(action, context)
        place = tuple(map(id, held)), action, known
        found = self._sure.get(place)
        if found is None:
            found = tuple(f for f in _denying(held, action) if _keys(f[1]) <= known)
            self._sure[place] = found
        return found


def _known_of(action: str, context: Mapping[str, ContextValue]) -> frozenset[str]:
    known = _WHO | {_family(key.lower()) for key in context}
    return known - {REGION} if action.partition(":")[0] in _EVERYWHERE else known | {REGION}


def _family(key: str) -> str:
    """Return the key; for a tag of who calls what all of these are: a role's are all known."""
    return _TAGS.removesuffix("/") if key.startswith(_TAGS) else key


def _undecided(
    statement: CompiledStatement, facts: Facts, is_known: Callable[[str], bool]
) -> tuple[CompiledCondition, ...] | None:
    if not all(c.holds(facts) for c in statement.conditions if is_known(c.key)):
        return None
    return tuple(c for c in statement.conditions if not is_known(c.key))


def _denying(held: Sequence[_Held], action: str) -> Iterator[Found]:
    for policy in held:
        for statement in program(policy.document).about[action].denying:
            yield policy, statement


def _all(statement: CompiledStatement, facts: Facts) -> bool:
    return all(condition.holds(facts) for condition in statement.conditions)


def _keys(statement: CompiledStatement) -> set[str]:
    return {_family(test.key.lower()) for test in statement.statement.conditions}


def _covers(statement: CompiledStatement, facts: Facts) -> bool:
    """Whether a statement is about all that is asked for: `*` within a resource stands for itself,
    so only what is wider fits it."""
    if statement.resource is None:
        return True
    if facts.resource == "*" or (statement.statement.not_resource and "*" in facts.resource):
        return False
    return bool(statement.resource(facts))


def _by_target(site: Site) -> dict[tuple[str, str], list[_Held]]:
    policies: dict[str, Policy] = {p.name: p for p in site.wanted.of_kind(Policy)}
    parsed = {
        name: parse_document(substitute(p.document, site.values), kind=_PARSED[p.type])
        for name, p in policies.items()
        if p.type in _PARSED
    }
    found: dict[tuple[str, str], list[_Held]] = {}
    for attachment in site.wanted.of_kind(Attachment):
        policy = policies[attachment.policy]
        if policy.name in parsed:
            held = _Held(policy, attachment.target, parsed[policy.name])
            found.setdefault((policy.type, attachment.target), []).append(held)
    return found


def _chains(wanted: Wanted) -> dict[str, tuple[str, ...]]:
    """Return for each member account the targets whose policies bind it."""
    return {a.name: tuple(_chain(a)) for a in wanted.of_kind(Account) if a.ou is not None}


def _chain(account: Account) -> Iterator[str]:
    parts = (account.ou or "").split("/")
    yield "root"
    yield from (f"ou/{'/'.join(parts[: n + 1])}" for n in range(len(parts)))
    yield f"account/{account.name}"

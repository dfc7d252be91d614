"""What an audit looks at: the accounts that stand in guarded OUs, and the rules in force in each.

An account that the file does not know is under the guardrails of the OU that it stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from landrail.compiler.guardrails.choosing import chosen
from landrail.diagnostics import Diagnostic, Mistakes, nearest
from landrail.guardrails import EVERYWHERE, Guardrail
from landrail.operations.audit.own import OWN, RECORDER, RECORDING
from landrail.plan.marks import SUSPENDED
from landrail.plan.observed import ObservedAccount
from landrail.plan.organization import is_usable
from landrail.resources import Account, OrganizationalUnit, Wanted
from landrail.rules import Rule
from landrail.rules.catalogue import rules
from landrail.spec import Platform


@dataclass(frozen=True, slots=True)
class Audited:
    """An account that is looked at; `known` is False where the file does not have it, `kinds` are
    then those of its OU. `home` is the OU of the file for one that stands elsewhere."""

    name: str
    account_id: str
    kinds: frozenset[str]
    ou: str | None
    known: bool = True
    home: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A rule of a guardrail with its parameters, and the accounts in which it is in force."""

    guardrail: Guardrail
    rule: Rule
    accounts: frozenset[str]
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What its findings are marked with."""
        return f"{self.guardrail.id}/{self.rule.name}"


@dataclass(frozen=True, slots=True)
class Scope:
    """The accounts that are looked at, those that are left out with the reason, the checks, and the
    ids of those that are the audit's own; `everybody` are the accounts that could be looked at,
    `set_aside` those of the file that are left out."""

    accounts: tuple[Audited, ...]
    left_out: Mapping[str, str]
    checks: tuple[Check, ...]
    own: frozenset[str] = frozenset()
    everybody: tuple[Audited, ...] = ()
    set_aside: tuple[Audited, ...] = ()


def scope_of(
    platform: Platform,
    wanted: Wanted,
    observed: Mapping[str, ObservedAccount],
    *,
    accounts: Sequence[str] = (),
    guardrails: Sequence[str] = (),
) -> Scope:
    """Return what to look at; raises Mistakes where a name is none."""
    audited, left_out, aside = _standing(wanted, observed)
    looked_at = _named(audited, left_out, accounts)
    own = frozenset(one.id for one in OWN if not guardrails or one.id in guardrails)
    checks = list(_checks(platform, looked_at, guardrails))
    if RECORDING.id in own:
        checks.extend(_recording(looked_at, checks))
    if accounts:
        left_out, aside = {}, ()
    return Scope(looked_at, left_out, tuple(checks), own, audited, aside)


def _standing(
    wanted: Wanted, observed: Mapping[str, ObservedAccount]
) -> tuple[tuple[Audited, ...], dict[str, str], tuple[Audited, ...]]:
    known = {account.name: account for account in wanted.of_kind(Account)}
    units = {unit.name for unit in wanted.of_kind(OrganizationalUnit)}
    audited, left_out, aside = [], {}, []
    for key, account in observed.items():
        name = key if key in known else account.name
        of_file = None
        if key in known:
            home = _home(known[key], account)
            kinds = frozenset({known[key].kind})
            of_file = Audited(name, account.account_id, kinds, account.ou, home=home)
        if not is_usable(account):
            left_out[name] = f"it is suspended ({account.state.lower()})"
        elif account.ou == SUSPENDED:
            left_out[name] = f"it stands in {SUSPENDED}"
        elif of_file is not None:
            audited.append(of_file)
        elif account.ou is not None and not units.intersection(_upwards(account.ou)):
            left_out[name] = f"it stands in the OU {account.ou}, which the file does not have"
        else:
            kinds = _kinds(account.ou, known.values())
            audited.append(Audited(name, account.account_id, kinds, account.ou, known=False))
        if name in left_out and of_file is not None:
            aside.append(of_file)
    return tuple(audited), left_out, tuple(aside)


def _home(account: Account, there: ObservedAccount) -> str | None:
    """Return where an account of the file belongs, if it stands elsewhere. One of Control Tower's
    landing zone belongs where it stands."""
    return None if account.governed or account.ou == there.ou else account.ou


def _upwards(ou: str) -> Iterator[str]:
    while ou:
        yield ou
        ou = ou.rpartition("/")[0]


def _kinds(ou: str | None, known: Iterable[Account]) -> frozenset[str]:
    """Return the kinds of the file's accounts in an OU, or in the nearest above that has some."""
    by_ou: dict[str, set[str]] = {}
    for account in known:
        by_ou.setdefault(account.ou or "", set()).add(account.kind)
    return frozenset(next((by_ou[path] for path in _upwards(ou or "") if path in by_ou), set()))


def _named(
    audited: tuple[Audited, ...], left_out: Mapping[str, str], named: Sequence[str]
) -> tuple[Audited, ...]:
    if not named:
        return audited
    mistakes = []
    there = [account.name for account in audited]
    for name in named:
        if name in left_out:
            mistakes.append(Diagnostic(f"account `{name}` cannot be audited: {left_out[name]}"))
        elif name not in there and name not in {account.account_id for account in audited}:
            near = nearest(name, there)
            hint = f"did you mean `{near}`?" if near else f"accounts here: {', '.join(there)}"
            mistakes.append(Diagnostic(f"account `{name}` does not stand here", hint))
    if mistakes:
        raise Mistakes(mistakes)
    return tuple(a for a in audited if a.name in named or a.account_id in named)


def _checks(
    platform: Platform, accounts: Sequence[Audited], named: Sequence[str]
) -> Iterator[Check]:
    choice = chosen(platform)
    held: dict[str, dict[tuple[str, ...], set[str]]] = {}
    for account in accounts:
        for kind in account.kinds or EVERYWHERE:
            for guardrail, _ in choice.in_force(kind, account.ou):
                values = choice.facts_for(kind).option(guardrail.id)
                groups = held.setdefault(guardrail.id, {})
                groups.setdefault(values, set()).add(account.account_id)
    known = {*held, *(one.id for one in OWN)}
    wrong = [name for name in named if name not in known]
    if wrong:
        raise Mistakes([_not_in_force(name, known) for name in wrong])
    for guardrail in choice.guardrails:
        if guardrail.id not in held or (named and guardrail.id not in named):
            continue
        for detective in guardrail.detective:
            rule = rules()[detective.rule]
            for values, within in held[guardrail.id].items():
                yield Check(guardrail, rule, frozenset(within), detective.asked(values))


def _recording(accounts: Sequence[Audited], checks: Sequence[Check]) -> Iterator[Check]:
    """Yield the audit's own check of recorders, for accounts in which no guardrail has it."""
    every = {account.account_id for account in accounts}
    left = every.difference(*(c.accounts for c in checks if c.rule.name == RECORDER))
    if left:
        yield Check(RECORDING, rules()[RECORDER], frozenset(left))


def _not_in_force(name: str, held: Iterable[str]) -> Diagnostic:
    near = nearest(name, held)
    hint = f"did you mean `{near}`?" if near else "the file chooses which guardrails are in force"
    return Diagnostic(f"guardrail `{name}` is not in force in the accounts that are audited", hint)

"""Which rules were not judged, and where: what they ask about could not be read, or is in no record
of Config's. A rule that was not judged is neither kept nor broken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from landrail.aws.collecting import EVERYTHING, Unread
from landrail.operations.audit.scope import Check
from landrail.rules.columns import columns
from landrail.rules.sql import literal

Where = tuple[str, str, str, str, str]
"""Guardrail, rule, account, region, and resource or `*` for all."""


@dataclass(frozen=True, slots=True, order=True)
class Unjudged:
    """A rule of a guardrail that was not judged: in an account and region, of one resource or
    of all, and why."""

    guardrail: str
    rule: str
    account_id: str
    region: str
    resource_id: str
    reason: str

    @property
    def where(self) -> Where:
        """What it is about, without the reason."""
        return (self.guardrail, self.rule, self.account_id, self.region, self.resource_id)


def not_judged(checks: Iterable[Check], unread: Sequence[Unread]) -> tuple[Unjudged, ...]:
    """Return what was not judged of some checks, in order."""
    found = {
        (made := _unjudged(check, one)).where: made
        for check in checks
        for one in unread
        if _concerns(check, one)
    }
    return tuple(sorted(found.values()))


def judgeable(check: Check, unread: Iterable[Unread]) -> str:
    """Return a condition on the rows that a check can judge, empty where that is all of them:
    a column that is not known is null, and null would count as wrong."""
    whole: list[str] = []
    single: dict[tuple[str, str], list[str]] = {}
    for one in unread:
        if one.columns and _concerns(check, one):
            if one.resource == EVERYTHING:
                whole.append(_place(one.account_id, one.region))
            else:
                named = single.setdefault((one.account_id, one.region), [])
                named.append(literal(one.resource))
    within = [
        f"{_place(*place)} AND resource_id IN ({', '.join(named)})"
        for place, named in single.items()
    ]
    return " AND ".join(f"NOT ({one})" for one in (*whole, *within))


def _place(account: str, region: str) -> str:
    return f"account_id = {literal(account)} AND region = {literal(region)}"


def _concerns(check: Check, one: Unread) -> bool:
    return (
        one.account_id in check.accounts
        and one.table in (check.rule.table, EVERYTHING)
        and (not one.columns or not columns(check.rule).isdisjoint(one.columns))
    )


def _unjudged(check: Check, one: Unread) -> Unjudged:
    needed = ", ".join(sorted(columns(check.rule).intersection(one.columns)))
    reason = f"{needed}: {one.reason}" if needed else one.reason
    guardrail, rule = check.guardrail.id, check.rule.name
    return Unjudged(guardrail, rule, one.account_id, one.region, one.resource, reason)


def by_accounts(found: Iterable[Unjudged]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield rules with the accounts in which they were not judged, those of the same accounts
    together."""
    accounts: dict[str, set[str]] = {}
    for one in found:
        accounts.setdefault(one.rule, set()).add(one.account_id)
    rules: dict[tuple[str, ...], list[str]] = {}
    for rule, held in accounts.items():
        rules.setdefault(tuple(sorted(held)), []).append(rule)
    for held_by, named in sorted(rules.items(), key=lambda each: -len(each[0])):
        yield tuple(named), held_by

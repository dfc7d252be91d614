"""Asking one layer: which statement of its policies denies the request, and which allow it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from landrail.policy.document import Statement
from landrail.policy.facts import Facts
from landrail.policy.principals import Naming
from landrail.policy.program import CompiledStatement, program
from landrail.policy.values import PolicyInForce

Found = tuple[PolicyInForce, Statement]
"""A statement that applies, with the policy it stands in."""


Said = tuple[Found | None, Found | None]
"""What a layer said: the first statement that denies, or else the first that allows."""

SILENT: Said = (None, None)


def scan(
    policies: Iterable[PolicyInForce],
    facts: Facts,
    *,
    bounded: bool = False,
    least: Naming = Naming.ACCOUNT,
) -> Said:
    """Ask policies that name no principal (or, RCPs and endpoint policies, the caller among
    others); `bounded` says that the caller has a permissions boundary, `least` which naming of it
    an Allow needs."""
    action, allow = facts.action, None
    for policy in policies:
        denying, allowing = (policy.document.compiled or program(policy.document)).about[action]
        for each in denying:
            if (each.test is None or each.test(facts)) and (
                not each.principals or _names(each, facts, bounded, Naming.ACCOUNT)
            ):
                return (policy, each.statement), None
        if allow is None:
            for each in allowing:
                if (each.test is None or each.test(facts)) and (
                    not each.principals or _names(each, facts, bounded, least)
                ):
                    allow = (policy, each.statement)
                    break
    return None, allow


def _names(statement: CompiledStatement, facts: Facts, bounded: bool, least: Naming) -> bool:
    naming = statement.naming(facts.principal, bounded)
    return naming is not None and naming >= least


def _applies(statement: CompiledStatement, facts: Facts) -> bool:
    return statement.test is None or statement.test(facts)


class Granted(NamedTuple):
    """What a resource policy said: its denial, else the allowing statement for each way in which
    it names the caller. `pinned` are grants to everybody whose `aws:PrincipalArn` is given."""

    deny: Found | None = None
    exact: Found | None = None
    of_session: Found | None = None
    everyone: Found | None = None
    pinned: Found | None = None
    account: Found | None = None

    @property
    def any(self) -> Found | None:
        """Return an allowing statement, the furthest reaching first."""
        return self.exact or self.pinned or self.of_session or self.everyone or self.account


NOTHING_GRANTED = Granted()


def scan_resource(policy: PolicyInForce | None, facts: Facts, *, bounded: bool) -> Granted:
    """Ask a resource policy; `bounded` says that the caller has a permissions boundary."""
    if policy is None:
        return NOTHING_GRANTED
    denying, allowing = program(policy.document).about[facts.action]
    for statement in denying:
        if statement.naming(facts.principal, bounded) is not None and _applies(statement, facts):
            return Granted(deny=(policy, statement.statement))
    found: dict[str, Found] = {}
    for statement in allowing:
        naming = statement.naming(facts.principal, bounded)
        if naming is None or not _applies(statement, facts):
            continue
        way = _WAYS[naming]
        if naming is Naming.EVERYONE and statement.restates_role:
            way = "pinned"
        found.setdefault(way, (policy, statement.statement))
    return Granted(**found)


def with_list(policy: Granted, acl: Granted) -> Granted:
    """Join what a resource's policy said and its access control list. A list names accounts, and
    groups of them: to the users and roles of an account it grants nothing directly."""
    return policy._replace(account=policy.account or acl.any)


_WAYS = {
    Naming.EXACT: "exact",
    Naming.OF_SESSION: "of_session",
    Naming.EVERYONE: "everyone",
    Naming.ACCOUNT: "account",
}

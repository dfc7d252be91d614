"""All rules, by name and by the identifier of AWS's managed rule, and their fixes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from landrail.discovery import defined
from landrail.rules import fixes as fix_package
from landrail.rules import managed
from landrail.rules.fix import Fix
from landrail.rules.rule import Rule


@cache
def rules() -> Mapping[str, Rule]:
    """Return every rule by its name."""
    return {rule.name: rule for group in defined(managed, "RULES", tuple) for rule in group}


@cache
def by_identifier() -> Mapping[str, Rule]:
    """Return the rules that AWS manages, by AWS's identifier."""
    return {rule.identifier: rule for rule in rules().values() if rule.identifier}


@cache
def fixes() -> Mapping[str, Fix]:
    """Return the fixes by the names of the rules that they are for."""
    return {rule: fix for fix in defined(fix_package, "FIX", Fix) for rule in fix.rules}


def fix_actions() -> tuple[str, ...]:
    """Return every action that some fix takes."""
    return tuple(sorted({action for fix in fixes().values() for action in fix.actions}))

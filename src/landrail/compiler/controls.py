"""The controls of Control Tower that are asked for, and the rules that they leave to us.

A control stands for a Config rule where it is the same managed rule, which every account of the OU
wants without parameters.
"""

from __future__ import annotations

from collections.abc import Iterator

from landrail.compiler.guardrails.choosing import Chosen
from landrail.compiler.guardrails.governed import registered, said_by_controls
from landrail.compiler.parts.config_rules import Detected, detected
from landrail.resources import EnabledControl
from landrail.spec import AccountMade, Platform
from landrail.spec.landing_zone import OfferedControl


def own_rules(platform: Platform, chosen: Chosen, made: AccountMade) -> tuple[Detected, ...]:
    """Return the rules of an account that no control is."""
    controlled = {one.rule for one in _rules(platform, chosen, made.ou)}
    return tuple(
        one
        for one in detected(chosen, made)
        if one.rule.identifier not in controlled or one.parameters
    )


def enabled_controls(platform: Platform, chosen: Chosen) -> Iterator[EnabledControl]:
    """Yield the controls to enable, each on the OUs where guardrails ask for it."""
    wanted: dict[tuple[str, str], tuple[OfferedControl, list[str]]] = {}
    for unit, guardrail, control in said_by_controls(platform, chosen):
        wanted.setdefault((control.arn, unit), (control, []))[1].append(guardrail.id)
    for unit in registered(platform):
        for control in _rules(platform, chosen, unit):
            behind = wanted.setdefault((control.arn, unit), (control, []))[1]
            for made in _standing(platform, unit):
                for one in detected(chosen, made):
                    if one.rule.identifier == control.rule:
                        behind.append(one.guardrail.id)
    for (arn, unit), (control, guardrails) in wanted.items():
        named = next(iter(control.aliases), arn)
        yield EnabledControl(named, arn, unit, tuple(dict.fromkeys(guardrails)))


def _standing(platform: Platform, unit: str | None) -> tuple[AccountMade, ...]:
    return tuple(made for made in platform.accounts_made() if made.ou == unit)


def _rules(platform: Platform, chosen: Chosen, unit: str | None) -> list[OfferedControl]:
    """The controls that are rules which every account of an OU wants just so."""
    zone = platform.landing_zone
    if zone is None or unit is None or unit not in registered(platform):
        return []
    standing = [
        {one.rule.identifier for one in detected(chosen, made) if not one.parameters}
        for made in _standing(platform, unit)
    ]
    common = set.intersection(*standing) if standing else set()
    return [control for control in zone.controls if control.rule and control.rule in common]

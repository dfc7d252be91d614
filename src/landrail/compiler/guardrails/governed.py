"""What Control Tower keeps in force itself: the OUs that it governs, and the controls that stand
for statements of ours.

A control stands for a statement where it is the same, word for word. Nothing else counts as the
same: a published control with a gap takes no guardrail's place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from landrail.compiler.guardrails.choosing import Chosen
from landrail.guardrails import Guardrail
from landrail.spec import AccountMade, Platform
from landrail.spec.landing_zone import LandingZone, OfferedControl

_RESERVED = 2
"""Policies that Control Tower attaches to an OU when it registers it, as a rule."""
_PREVENTIVE: Mapping[str, Mapping[str, Any]] = {
    "AWS-GR_RESTRICT_ROOT_USER": {
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}},
    },
}
"""The statements of preventive controls that are worth one of ours. Source: AWS Control Tower
Controls Reference Guide."""


def units(platform: Platform) -> tuple[str, ...]:
    """Return the OUs that hold accounts of the file, with those above, the upper ones first."""
    if platform.landing_zone is None:
        return ()
    paths = {made.ou for made in platform.accounts_made() if made.ou and not made.governed}
    every = {part for path in paths for part in accumulate(path.split("/"), "{}/{}".format)}
    return tuple(sorted(every))


def registered(platform: Platform) -> tuple[str, ...]:
    """Return those of them that Control Tower governs; none where it records no accounts."""
    zone = platform.landing_zone
    return units(platform) if zone is not None and zone.config else ()


def recorded(platform: Platform, made: AccountMade) -> bool:
    """Say whether Control Tower records an account: all that it governs, never the management
    account."""
    zone = platform.landing_zone
    return zone is not None and zone.config and made.ou is not None


def of_control_tower(platform: Platform) -> int:
    """Return how many of a target's policies are Control Tower's."""
    zone = platform.landing_zone
    return 0 if zone is None else max(zone.policies, _RESERVED)


def governed(platform: Platform, chosen: Chosen) -> Chosen:
    """Return what is chosen, knowing which statements Control Tower keeps in force."""
    found = {(g.id, unit) for unit, g, _ in said_by_controls(platform, chosen)}
    return replace(chosen, elsewhere=frozenset(found)) if found else chosen


def said_by_controls(
    platform: Platform, chosen: Chosen
) -> Iterator[tuple[str, Guardrail, OfferedControl]]:
    """Yield top OUs with a guardrail in force in all of them that a control says word for word."""
    zone = platform.landing_zone
    if zone is None:
        return
    tops = [path for path in units(platform) if "/" not in path]
    for guardrail in chosen.guardrails:
        control = _same(zone, guardrail.statements(chosen.facts))
        if control is None or guardrail.resource_control or guardrail.organization_policy:
            continue
        for unit in tops:
            inside = [m for m in platform.accounts_made() if m.ou and _under(m.ou, unit)]
            if all(chosen.mode(guardrail, m.kind, m.ou) == "enforce" for m in inside):
                yield unit, guardrail, control


def _under(path: str, unit: str) -> bool:
    return path == unit or path.startswith(f"{unit}/")


def _same(zone: LandingZone, made: Sequence[Mapping[str, Any]]) -> OfferedControl | None:
    if len(made) != 1:
        return None
    said = {key: value for key, value in made[0].items() if key != "Sid"}
    names = [alias for alias, statement in _PREVENTIVE.items() if statement == said]
    offered = (one for one in zone.controls if set(one.aliases) & set(names))
    return next(offered, None)

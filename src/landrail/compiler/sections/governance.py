"""What is asked of Control Tower: OUs registered, and the controls that stand for guardrails."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.compiler.controls import enabled_controls
from landrail.compiler.guardrails.choosing import chosen
from landrail.compiler.guardrails.governed import registered
from landrail.resources import EnabledControl, Registration
from landrail.spec import Platform


def compile_governance(platform: Platform) -> Iterator[Registration | EnabledControl]:
    """Yield the registrations and the controls; nothing without a landing zone."""
    zone = platform.landing_zone
    if zone is None:
        return
    for unit in registered(platform):
        yield Registration(unit, zone.baseline, zone.baseline_version, dict(zone.parameters))
    yield from enabled_controls(platform, chosen(platform))

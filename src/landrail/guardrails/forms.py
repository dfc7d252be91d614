"""Which forms a guardrail has, in words."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.rules.catalogue import rules


def forms(guardrail: Guardrail) -> tuple[str, ...]:
    """Return the forms that a guardrail has, preventive first."""
    found = []
    if guardrail.service_control is not None:
        found.append("SCP")
    if guardrail.resource_control is not None:
        found.append("RCP")
    if guardrail.organization_policy is not None:
        found.append("policy")
    if guardrail.proactive:
        found.append("template")
    if guardrail.detective:
        found.append("rule" if any(map(_by_config, rule_names(guardrail))) else "rule (audit only)")
    return tuple(found)


def rule_names(guardrail: Guardrail) -> tuple[str, ...]:
    """Return the names of the rules that find what slipped in."""
    return tuple(detective.rule for detective in guardrail.detective)


def _by_config(name: str) -> bool:
    known = rules().get(name)
    return known is None or not known.audit_only

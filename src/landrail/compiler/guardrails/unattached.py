"""What the file wants known but not attached: guardrails in `monitor`, and those that are off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.compiler.guardrails.choosing import Chosen, chosen
from landrail.compiler.guardrails.placing import Leaf, leaves, place
from landrail.compiler.guardrails.policies import RCP, SCP, unique
from landrail.compiler.guardrails.statements import merged
from landrail.compiler.statements import document
from landrail.guardrails import Facts, Guardrail
from landrail.resources import Unattached
from landrail.spec import Platform
from landrail.spec.choices import Mode

_MODES: tuple[Mode, ...] = ("monitor", "off")


def unattached(platform: Platform) -> tuple[Unattached, ...]:
    """Return every guardrail that is not enforced somewhere, with what would be attached there."""
    found, among = chosen(platform), leaves(platform)
    return tuple(
        one
        for guardrail in found.guardrails
        if guardrail.id in found.choices
        for mode in _MODES
        for one in _of(found, among, guardrail, mode)
    )


def _of(
    found: Chosen, among: tuple[Leaf, ...], guardrail: Guardrail, mode: Mode
) -> Iterator[Unattached]:
    """Yield one for each content that the guardrail would have."""
    by_content: list[tuple[Mapping[str, Any], list[str]]] = []
    for placed in place(found, among, guardrail, _documents, mode):
        for content, targets in by_content:
            if content == placed.content:
                targets.append(placed.target)
                break
        else:
            by_content.append((placed.content, [placed.target]))
    for content, targets in by_content:
        held = {k: v for k, v in content.items() if k != "mode"}
        reason = _reason(found, guardrail, mode)
        yield Unattached(guardrail.id, mode, tuple(targets), reason, held)


def _documents(guardrail: Guardrail, facts: Facts) -> dict[str, Any]:
    """Return what a guardrail would attach; never empty, because one without a preventive form is
    monitored all the same."""
    made: dict[str, Any] = {"mode": guardrail.id}
    for kind, statements in (
        (SCP, guardrail.statements(facts)),
        (RCP, guardrail.resource_statements(facts)),
    ):
        if statements:
            made[kind] = document(*unique(merged(statements)).values())
    policy = guardrail.organization_policy
    if policy is not None:
        made[policy.type] = policy.content
    return made


def _reason(found: Chosen, guardrail: Guardrail, mode: Mode) -> str:
    said = [c.reason for c in found.choices[guardrail.id] if c.mode == mode and c.reason]
    return "; ".join(dict.fromkeys(said))

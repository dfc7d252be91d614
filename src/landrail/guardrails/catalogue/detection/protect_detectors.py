"""Guardrail: nobody ends the detection of threats, or its findings."""

from __future__ import annotations

from landrail.guardrails.actions import writes
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import Statement, deny

_ENDING = ("Archive", "Delete", "Dis", "Stop", "Update")
"""How actions begin that delete, disable, disassociate, end or change."""
_DETECTORS = ("access-analyzer", "detective", "guardduty", "inspector2", "macie2", "securityhub")


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    ends = tuple(
        f"{service}:{beginning}*"
        for service in _DETECTORS
        for beginning in _ENDING
        if any(name.startswith(beginning) for name in writes(service))
    )
    return (deny(ends, unless=BREAK_GLASS_ONLY),)


GUARDRAIL = Guardrail(
    id="protect-detectors",
    title="nobody ends the detection of threats, or its findings",
    why="an intruder turns off first what would tell",
    severity="critical",
    remedy="the security team changes them",
    service_control=_statements,
)

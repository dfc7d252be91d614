"""Waivers: findings that somebody answers for, until a day. After it they count again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase

from landrail.operations.audit.finding import Finding
from landrail.spec.oversight import Waiver


def with_waivers(
    findings: Iterable[Finding], waivers: Sequence[Waiver], today: date
) -> list[Finding]:
    """Return the findings, each with the waiver that covers it, or the one that did."""
    return [_waived(finding, waivers, today) for finding in findings]


def unused(findings: Iterable[Finding], waivers: Sequence[Waiver]) -> tuple[Waiver, ...]:
    """Return the waivers that no finding needs."""
    used = [waiver for finding in findings for waiver in (finding.waiver, finding.expired)]
    return tuple(waiver for waiver in waivers if waiver not in used)


def _waived(finding: Finding, waivers: Sequence[Waiver], today: date) -> Finding:
    covering = [waiver for waiver in waivers if _covers(waiver, finding)]
    lasting = [waiver for waiver in covering if not waiver.ended(today)]
    if lasting:
        return replace(finding, waiver=max(lasting, key=lambda waiver: waiver.expires))
    if covering:
        return replace(finding, expired=max(covering, key=lambda waiver: waiver.expires))
    return finding


def _covers(waiver: Waiver, finding: Finding) -> bool:
    resources = (finding.resource_id, finding.resource_name, finding.arn)
    return (
        waiver.guardrail == finding.guardrail
        and waiver.account in (finding.account, finding.account_id)
        and any(name and fnmatchcase(name, waiver.resource) for name in resources)
    )

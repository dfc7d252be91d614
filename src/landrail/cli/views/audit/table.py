"""An audit for the terminal: findings by guardrail, the worst first, folded to the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from landrail.cli import screen
from landrail.diagnostics import counted
from landrail.operations.audit.finding import Finding
from landrail.operations.audit.unjudged import by_accounts
from landrail.operations.audit.values import Audit

_SHOWN = 8
_OWN_ID = re.compile(r"\b[0-9]{12}\b")
_EXPLAINED = re.compile(r"\s*\[explain: [^\]]*\]")
_PAINT = {
    "critical": screen.red,
    "high": screen.red,
    "medium": screen.yellow,
    "low": screen.faint,
}


def table_lines(made: Audit, *, every: bool = False) -> Iterator[str]:
    """Yield the findings that count, what is waived, what was not looked at, and the sum."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in made.open:
        alike = (finding.guardrail, finding.rule, finding.says)
        groups.setdefault(alike, []).append(finding)
    for group in groups.values():
        yield from _group(group, every=every)
    yield from _waived(made)
    yield from _unread(made)
    yield from _unjudged(made)
    yield ""
    yield from _unused(made)
    yield from _sum(made)


def _group(found: Sequence[Finding], *, every: bool) -> Iterator[str]:
    first = found[0]
    label = "  (audit only)" if first.audit_only else ""
    yield ""
    yield f"{_PAINT[first.severity](first.severity.ljust(8))}  {first.guardrail}{label}"
    yield from screen.folded(first.says, " " * 10, " " * 2)
    shown = found if every else found[:_SHOWN]
    rows = [(f.account, _kind(f.resource_type), f.name, _marks(f)) for f in shown]
    yield from screen.table(rows, indent=" " * 10)
    if len(found) > len(shown):
        yield screen.faint(f"{'':10}… and {len(found) - len(shown)} more: --all shows them")
    yield from screen.folded(f"remedy: {first.remedy}", " " * 10, " " * 8)


def _kind(resource_type: str) -> str:
    return " ".join(part for part in resource_type.split("::")[1:] if part)


def _marks(finding: Finding) -> str:
    words = []
    if finding.state == "new":
        words.append("new")
    if finding.expired is not None:
        words.append(f"waiver of {finding.expired.owner} expired {finding.expired.expires}")
    return ", ".join(words)


def _waived(made: Audit) -> Iterator[str]:
    waived = [finding for finding in made.findings if finding.waiver is not None]
    if waived:
        yield ""
        yield "waived"
    for finding in waived:
        waiver = finding.waiver
        assert waiver is not None
        yield from screen.folded(
            f"{finding.guardrail}  {finding.account}  {finding.name}: {waiver.reason} "
            f"({waiver.owner}, approved by {waiver.approver}, until {waiver.expires})",
            " " * 10,
            " " * 2,
        )


def _unused(made: Audit) -> Iterator[str]:
    for waiver in made.unused_waivers:
        words = f"waiver of {waiver.guardrail} for {waiver.resource} ({waiver.account})"
        yield screen.faint(f"{words} waives nothing: take it out of the file")


def _unread(made: Audit) -> Iterator[str]:
    names = made.names
    if made.unread or made.scope.left_out:
        yield ""
        yield "not looked at"
    for name, reason in made.scope.left_out.items():
        yield from screen.folded(f"{name}: {reason}", " " * 10, " " * 2)
    for accounts, region, tables, reason in _grouped(made):
        where = _everybody(accounts, names)
        place = "" if region == made.project.document.region else f" in {region}"
        yield from screen.folded(
            f"{', '.join(tables)} of {where}{place}: {reason}", " " * 10, " " * 2
        )


def _grouped(made: Audit) -> Iterator[tuple[list[str], str, list[str], str]]:
    """Yield accounts, region, tables and reason of what was not read: alike in one line, of several
    tables with AWS's code alone."""
    names = made.names
    by_table: dict[tuple[str, str, str], list[str]] = {}
    for one in made.unread:
        reason = _EXPLAINED.sub("", one.reason)  # an id for each call would keep them apart
        alike = by_table.setdefault((one.region, one.what, _OWN_ID.sub("ACCOUNT", reason)), [])
        if names[one.account_id] not in alike:
            alike.append(names[one.account_id])
    by_code: dict[tuple[str, str, tuple[str, ...]], list[tuple[str, str]]] = {}
    for (region, table, reason), accounts in by_table.items():
        code = reason.partition(":")[0]
        by_code.setdefault((region, code, tuple(accounts)), []).append((table, reason))
    for (region, code, held), found in by_code.items():
        reason = found[0][1] if len(found) == 1 else code
        yield list(held), region, [table for table, _ in found], reason


def _unjudged(made: Audit) -> Iterator[str]:
    """Yield the rules that say nothing of some accounts, for they lacked what they ask about."""
    names = made.names
    if made.not_judged:
        yield ""
        yield "not judged"
    for rules, accounts in by_accounts(made.not_judged):
        where = _everybody([names[account] for account in accounts], names)
        yield from screen.folded(f"{', '.join(rules)} in {where}", " " * 10, " " * 2)


def _everybody(accounts: Sequence[str], names: Mapping[str, str]) -> str:
    everybody = len(accounts) == len(names) > 1
    return f"all {len(accounts)} accounts" if everybody else ", ".join(accounts)


def _sum(made: Audit) -> Iterator[str]:
    told = ", ".join(f"{count} {severity}" for severity, count in made.counts.items() if count)
    seconds = (made.ended - made.began).total_seconds()
    words = [
        counted(len(made.scope.accounts), "account"),
        f"{sum(made.rows.values()):,} rows",
        counted(len(made.scope.checks), "rule"),
        f"{seconds:.1f} s",
    ]
    yield " · ".join(words)
    waived, fixed = len(made.findings) - len(made.open), len(made.fixed)
    beside = [f"{waived} waived"] if waived else []
    tables = sum(one.is_whole for one in made.unread)
    beside += [f"{tables} tables not looked at"] if tables else []
    unjudged = len({one.rule for one in made.not_judged})
    beside += [f"{counted(unjudged, 'rule')} not judged everywhere"] if unjudged else []
    if made.history:
        new = sum(finding.state == "new" for finding in made.open)
        beside += [f"{new} new", f"{fixed} put right since the last audit"]
    more = f" ({', '.join(beside)})" if beside else ""
    yield (f"found: {told}" if told else screen.green("nothing found")) + more

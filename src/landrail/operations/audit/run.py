"""One audit: who stands where, what is there, what of it is wrong, and what has changed.

Everything is read by roles that cannot change anything. The result is plain data; how it looks and
what it is worth to a caller is the command's business.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from landrail.aws.collecting import Place
from landrail.aws.errors import CallError, failure
from landrail.aws.observe import observe_accounts_of
from landrail.compiler import wanted_of
from landrail.diagnostics import Diagnostic, Failure, Mistakes, nearest
from landrail.inventory import Realm, Table
from landrail.inventory.catalogue import tables
from landrail.operations.audit.finding import SEVERITIES, Finding
from landrail.operations.audit.gathering import Gathered, gather
from landrail.operations.audit.judging import Found, judge
from landrail.operations.audit.persons import as_person
from landrail.operations.audit.recorded import Source, from_aggregator, from_folder
from landrail.operations.audit.scope import Check, Scope, scope_of
from landrail.operations.audit.standing import of_accounts
from landrail.operations.audit.storing import SUMMARY, new_run
from landrail.operations.audit.trend import (
    Looked,
    last_known,
    past,
    put_right,
    save_standing,
    with_history,
)
from landrail.operations.audit.unjudged import not_judged
from landrail.operations.audit.values import EVERYTHING, NOBODY, Asked, Audit, Opened, Told
from landrail.operations.audit.waivers import unused, with_waivers
from landrail.operations.project import Project, open_project
from landrail.operations.target import Target, open_target
from landrail.resources import Wanted
from landrail.rules.columns import wanted as wanted_columns
from landrail.spec.texts import REGIONS

AGGREGATOR = "aggregator"
"""The word for Config's aggregator as the source of an inventory."""
_PARALLEL = 48
"""Items that are read at a time on AWS: most of the time is waiting, and limits are by account."""


def audit(file: Path, asked: Asked = EVERYTHING, told: Told = NOBODY) -> Audit:
    """Audit the platform of a file; raises Mistakes and Failure."""
    began = datetime.now(UTC)
    opened = open_scope(file, asked, told)
    project, scope = opened.project, opened.scope
    with new_run(project.state, began) as folder:
        looked = _tables(scope, complete=asked.complete)
        told.begun(scope.accounts, list(looked))
        regions = _regions(project, asked)
        places = [
            Place(account.account_id, region, first=region == regions[0])
            for region in regions
            for account in scope.accounts
        ]
        entrances = opened.target.entrances
        recorded = _recorded(opened, asked)
        gathered = gather(entrances, opened.realm, places, looked, folder, told.read, recorded)
        return _judged(opened, gathered, began, folder, asked)


def _regions(project: Project, asked: Asked) -> tuple[str, ...]:
    """Return the regions to look at, the platform's first; raises Mistakes."""
    mistakes = [_no_region(region) for region in asked.regions if region not in REGIONS]
    if mistakes:
        raise Mistakes(mistakes)
    return tuple(dict.fromkeys((project.document.region, *asked.regions)))


def _no_region(region: str) -> Diagnostic:
    near = nearest(region, REGIONS)
    remedy = f"did you mean `{near}`?" if near else "a region is like eu-west-1"
    return Diagnostic(f"`{region}` is no region", remedy)


def _recorded(opened: Opened, asked: Asked) -> Source | None:
    """Return what Config recorded, where that is asked for; raises Mistakes and Failure."""
    if asked.source is None:
        return None
    if asked.source != AGGREGATOR:
        return from_folder(Path(asked.source))
    found = (a.account_id for a in opened.scope.everybody if a.kinds == {"audit"})
    audit_account = next(found, None)
    if audit_account is None:
        raise Failure("the audit account does not stand yet", "`landrail apply` makes it")
    return from_aggregator(opened.target.entrances, audit_account)


def open_scope(file: Path, asked: Asked, told: Told = NOBODY) -> Opened:
    """Read who stands where and what is in force there; raises Mistakes and Failure."""
    project = open_project(file)
    wanted = wanted_of(project.document)
    many = None if project.document.target.is_local else _PARALLEL
    target = open_target(project, parallel=asked.parallel or many)
    told.opened(project, target)
    if asked.person is not None:
        target = replace(target, entrances=as_person(project, target, asked.person))
    scope, realm = _scope(project, wanted, target, asked)
    return Opened(project, target, realm, scope)


def _scope(project: Project, wanted: Wanted, target: Target, asked: Asked) -> tuple[Scope, Realm]:
    try:
        organization, observed = observe_accounts_of(target.entrances, wanted)
    except CallError as error:
        raise failure(error, "reading the organization") from error
    if organization is None:
        raise Failure("nothing stands here yet", "`landrail apply` builds it")
    realm = Realm(organization, frozenset(account.account_id for account in observed.values()))
    scope = scope_of(
        project.document,
        wanted,
        observed,
        accounts=asked.accounts,
        guardrails=asked.guardrails,
    )
    return scope, realm


def _tables(scope: Scope, *, complete: bool) -> dict[Table, frozenset[str] | None]:
    """Return the tables that some check reads, with the columns that it names, or everything."""
    if complete:
        return dict.fromkeys(tables().values())
    read = wanted_columns(check.rule for check in scope.checks)
    return {table: read[name] for name, table in tables().items() if name in read}


def _judged(
    opened: Opened, gathered: Gathered, began: datetime, folder: Path, asked: Asked
) -> Audit:
    project, scope = opened.project, opened.scope
    region = project.document.region
    names = {account.account_id: account.name for account in scope.accounts}
    checks = {check.label: check for check in scope.checks}
    found = [
        _finding(checks[row[0]], row, names, began)
        for row in judge(folder, scope.checks, names, gathered.unread)
    ]
    found = [finding for finding in found if finding.arn not in _own(opened.target)]
    found += of_accounts(scope, gathered.unread, region, began)
    looked = _looked(scope, gathered, _regions(project, asked))
    before = last_known(project.state)
    waivers = project.document.waivers
    findings = with_waivers(with_history(found, before), waivers, began.date())
    findings.sort(key=_order)
    save_standing(folder, [(f, _table_of(f, checks)) for f in findings], before, looked)
    made = Audit(
        project=project,
        target=opened.target,
        realm=opened.realm,
        began=began,
        ended=datetime.now(UTC),
        scope=scope,
        findings=tuple(findings),
        fixed=put_right(findings, before, looked),
        unread=tuple(gathered.unread),
        unused_waivers=() if asked.is_partial else unused(findings, waivers),
        rows=gathered.rows,
        calls=gathered.calls,
        seconds=gathered.seconds,
        history=past(project.state),
    )
    _summarize(made, folder, asked)
    return made


def _order(finding: Finding) -> tuple[int, str, str, str, str]:
    """The worst first, and what one rule found together."""
    worst = SEVERITIES.index(finding.severity)
    return worst, finding.guardrail, finding.rule, finding.account, finding.name


def _own(target: Target) -> frozenset[str]:
    """Return what belongs to the local AWS and not to the platform: the user by whom it is begun,
    which no organization of AWS has."""
    if not target.entrances.connection.is_local:
        return frozenset()
    return frozenset({f"arn:aws:iam::{target.entrances.management_account}:user/bootstrap"})


def _finding(check: Check, row: Found, names: Mapping[str, str], now: datetime) -> Finding:
    _, account_id, region, resource_type, resource_id, resource_name, arn = row
    return Finding(
        guardrail=check.guardrail.id,
        title=check.guardrail.title,
        severity=check.guardrail.severity,
        rule=check.rule.name,
        account_id=account_id,
        account=names[account_id],
        region=region,
        resource_type=resource_type,
        resource_id=resource_id,
        resource_name=resource_name or "",
        arn=arn or "",
        says=check.rule.says,
        remedy=check.guardrail.remedy,
        first_seen=now,
        audit_only=check.rule.audit_only,
    )


def _table_of(finding: Finding, checks: Mapping[str, Check]) -> str:
    check = checks.get(finding.label)
    return check.rule.table if check is not None else "*"


def _looked(scope: Scope, gathered: Gathered, regions: Iterable[str]) -> Looked:
    accounts = {account.account_id for account in scope.accounts}
    checked: dict[tuple[str, str], Iterable[str]] = {
        (check.guardrail.id, check.rule.name): check.accounts for check in scope.checks
    }
    checked |= {(own, own): accounts for own in scope.own}
    unread = {(o.account_id, o.region, o.table) for o in gathered.unread if o.is_whole}
    unjudged = {one.where for one in not_judged(scope.checks, gathered.unread)}
    held = {key: frozenset(accounts) for key, accounts in checked.items()}
    return Looked(held, unread, set(regions), unjudged)


def _summarize(made: Audit, folder: Path, asked: Asked) -> None:
    data: dict[str, Any] = {
        "began": made.began.isoformat(),
        "ended": made.ended.isoformat(),
        "target": made.target.data,
        "file_sha256": made.project.digest,
        "partial": asked.is_partial,
        "accounts": {a.account_id: a.name for a in made.scope.accounts},
        "counts": made.counts,
        "waived": len(made.findings) - len(made.open),
        "fixed": len(made.fixed),
        "rows": dict(made.rows),
        "unread": [[u.account_id, u.region, u.what, u.reason] for u in made.unread],
        "not_judged": [list(one.where) for one in made.not_judged],
    }
    (folder / SUMMARY).write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")

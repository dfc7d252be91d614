"""What an audit finds wrong with accounts themselves: not in the file, not in their OU, not to
be entered, their recorder off. Each means that guardrails hold there by luck alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from landrail.aws.collecting import EVERY_TABLE, Unread
from landrail.guardrails import Guardrail
from landrail.operations.audit.finding import Finding
from landrail.operations.audit.own import MISPLACED, UNKNOWN, UNREADABLE
from landrail.operations.audit.scope import Audited, Scope

ACCOUNT = "AWS::::Account"


def of_accounts(
    scope: Scope, unread: Iterable[Unread], region: str, now: datetime
) -> Iterator[Finding]:
    """Yield what is wrong with the accounts that were looked at."""
    closed = {one.account_id: one.reason for one in unread if one.table == EVERY_TABLE}
    for account in scope.accounts:
        if not account.known and UNKNOWN.id in scope.own:
            where = f"the OU {account.ou}" if account.ou else "the root"
            says = f"the account stands in {where} and is not in the file"
            yield _finding(UNKNOWN, account, says, region, now)
        if account.account_id in closed and UNREADABLE.id in scope.own:
            yield _finding(UNREADABLE, account, closed[account.account_id], region, now)
    for account in (*scope.accounts, *scope.set_aside):
        if account.home is not None and MISPLACED.id in scope.own:
            says = f"the account stands in {account.ou or 'the root'} and belongs in {account.home}"
            yield _finding(MISPLACED, account, says, region, now)


def _finding(check: Guardrail, account: Audited, says: str, region: str, now: datetime) -> Finding:
    return Finding(
        guardrail=check.id,
        title=check.title,
        severity=check.severity,
        rule=check.id,
        account_id=account.account_id,
        account=account.name,
        region=region,
        resource_type=ACCOUNT,
        resource_id=account.account_id,
        resource_name=account.name,
        arn=f"arn:aws:organizations::{account.account_id}:account",
        says=says,
        remedy=check.remedy,
        first_seen=now,
        audit_only=True,
    )

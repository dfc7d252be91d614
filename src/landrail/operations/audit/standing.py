"""What an audit finds wrong with accounts themselves, before any rule: not in the file, not to be
entered. Both mean that guardrails hold there by luck alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from landrail.aws.collecting import EVERY_TABLE, Unread
from landrail.guardrails.guardrail import Severity
from landrail.operations.audit.finding import Finding
from landrail.operations.audit.scope import Audited

ACCOUNT = "AWS::::Account"


@dataclass(frozen=True, slots=True)
class OwnCheck:
    """A check of the audit itself, in the words of a guardrail."""

    id: str
    title: str
    severity: Severity
    remedy: str


UNKNOWN = OwnCheck(
    "accounts-in-file",
    "every account in a guarded OU is in the file",
    "high",
    "put the account into the file, or move it to an OU that is not the platform's",
)
UNREADABLE = OwnCheck(
    "accounts-readable",
    "every account can be audited",
    "high",
    "`landrail apply` makes the role that the audit reads with",
)
OWN_CHECKS = (UNKNOWN, UNREADABLE)


def of_accounts(
    accounts: Iterable[Audited], unread: Iterable[Unread], region: str, now: datetime
) -> Iterator[Finding]:
    """Yield what is wrong with the accounts that were looked at."""
    closed = {one.account_id: one.reason for one in unread if one.table == EVERY_TABLE}
    for account in accounts:
        if not account.known:
            where = f"the OU {account.ou}" if account.ou else "the root"
            says = f"the account stands in {where} and is not in the file"
            yield _finding(UNKNOWN, account, says, region, now)
        if account.account_id in closed:
            yield _finding(UNREADABLE, account, closed[account.account_id], region, now)


def _finding(check: OwnCheck, account: Audited, says: str, region: str, now: datetime) -> Finding:
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

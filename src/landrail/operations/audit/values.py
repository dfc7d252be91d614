"""What an audit is asked for, what it looks at, and what it came to: plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from landrail.aws.collecting import Unread
from landrail.inventory import Realm, Table
from landrail.operations.audit.finding import SEVERITIES, Finding
from landrail.operations.audit.scope import Audited, Scope
from landrail.operations.audit.trend import Known, Past
from landrail.operations.audit.unjudged import Unjudged, not_judged
from landrail.operations.project import Project
from landrail.operations.target import Target
from landrail.spec.oversight import Waiver


@dataclass(frozen=True, slots=True)
class Asked:
    """What a caller wants audited; nothing named means everything. `person` audits instead of the
    operator; `complete` reads what no rule asks about too; `source` is
    `aggregator` or a folder of Config's snapshots, instead of AWS itself; `regions` are
    looked at beside the platform's own."""

    accounts: tuple[str, ...] = ()
    guardrails: tuple[str, ...] = ()
    parallel: int | None = None
    person: str | None = None
    complete: bool = False
    source: str | None = None
    regions: tuple[str, ...] = ()

    @property
    def is_partial(self) -> bool:
        """Whether only a part is looked at."""
        return bool(self.accounts or self.guardrails)


@dataclass(frozen=True, slots=True)
class Told:
    """Who hears of the work: of the target, of what will be read, and of each table of an account
    that was."""

    opened: Callable[[Project, Target], None] = lambda _project, _target: None
    begun: Callable[[Sequence[Audited], Sequence[Table]], None] = lambda _accounts, _tables: None
    read: Callable[[str, str], None] = lambda _account, _table: None


@dataclass(frozen=True, slots=True)
class Opened:
    """A platform that is to be audited: where it is, of which organization, what of it."""

    project: Project
    target: Target
    realm: Realm
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What an audit came to. `findings` has the waived ones too; `fixed` were found before and are
    no more; `calls` and `seconds` are what collecting took; `history` are the audits before."""

    project: Project
    target: Target
    realm: Realm
    began: datetime
    ended: datetime
    scope: Scope
    findings: tuple[Finding, ...]
    fixed: tuple[Known, ...]
    unread: tuple[Unread, ...]
    unused_waivers: tuple[Waiver, ...]
    rows: Mapping[str, int]
    calls: int
    seconds: float
    history: tuple[Past, ...]

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that count: those without a waiver that lasts."""
        return tuple(finding for finding in self.findings if finding.waiver is None)

    @property
    def counts(self) -> dict[str, int]:
        """How many findings of each severity count, the worst first."""
        found = Counter(finding.severity for finding in self.open)
        return {severity: found[severity] for severity in SEVERITIES}

    @property
    def not_judged(self) -> tuple[Unjudged, ...]:
        """The rules that were not judged, and where."""
        return not_judged(self.scope.checks, self.unread)

    @property
    def names(self) -> dict[str, str]:
        """Names of accounts by id."""
        return {account.account_id: account.name for account in self.scope.accounts}

    def name_of(self, account_id: str) -> str:
        """Return the name of an account, or its id where it has none here."""
        return self.names.get(account_id, account_id)


EVERYTHING = Asked()
"""All accounts, by all guardrails that are in force."""
NOBODY = Told()
"""Hears nothing."""

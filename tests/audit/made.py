"""Audits made by hand, for tests of what is done with them: no account is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from landrail.aws.collecting import Unread
from landrail.aws.entering import Entrances
from landrail.aws.sessions import Connection
from landrail.guardrails import guardrails
from landrail.inventory import Realm
from landrail.operations.audit.finding import Finding
from landrail.operations.audit.scope import Audited, Check, Scope
from landrail.operations.audit.trend import Past
from landrail.operations.audit.values import Audit
from landrail.operations.project import open_project
from landrail.operations.target import Target
from landrail.rules.catalogue import rules
from landrail.spec.oversight import Waiver

UAT, PRODUCTION = "111111111111", "222222222222"
REGION = "eu-west-1"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
BEFORE = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
ACCOUNTS = (
    Audited("retail-uat", UAT, frozenset({"uat"}), "Workloads/UAT"),
    Audited("retail-production", PRODUCTION, frozenset({"production"}), "Workloads/Production"),
)
_NAMES = {account.account_id: account.name for account in ACCOUNTS}
_FILE = """\
platform: acme
region: eu-west-1
email: aws+{account}@acme.example
lines_of_business: [retail]
"""


def finding(name: str = "bucket", account: str = UAT, **given: Any) -> Finding:
    """A bucket without versions, unless told otherwise."""
    held = guardrails()["require-bucket-versioning"]
    plain: dict[str, Any] = {
        "guardrail": held.id,
        "title": held.title,
        "severity": held.severity,
        "rule": "s3-bucket-versioning-enabled",
        "account_id": account,
        "account": _NAMES[account],
        "region": REGION,
        "resource_type": "AWS::S3::Bucket",
        "resource_id": name,
        "resource_name": name,
        "arn": f"arn:aws:s3:::{name}",
        "says": "the bucket does not keep versions",
        "remedy": "switch versioning on",
        "first_seen": NOW,
    }
    return Finding(**{**plain, **given})


def waiver(**given: Any) -> Waiver:
    """A waiver of a bucket in UAT that lasts."""
    plain: dict[str, Any] = {
        "guardrail": "require-bucket-versioning",
        "account": "retail-uat",
        "resource": "bucket",
        "owner": "ana",
        "reason": "scratch data",
        "approver": "sam",
        "expires": date(2027, 1, 1),
    }
    return Waiver(**{**plain, **given})


def check(
    guardrail: str = "require-bucket-versioning",
    rule: str = "s3-bucket-versioning-enabled",
    accounts: Iterable[str] = (UAT, PRODUCTION),
    parameters: Mapping[str, str] | None = None,
) -> Check:
    """A rule of a guardrail, in force in accounts."""
    held = replace(guardrails()["require-bucket-versioning"], id=guardrail)
    return Check(held, rules()[rule], frozenset(accounts), parameters or {})


def audit_of(
    folder: Path,
    findings: Sequence[Finding] = (),
    *,
    unread: Sequence[Unread] = (),
    history: Sequence[Past] = (),
    left_out: Mapping[str, str] | None = None,
    checks: Sequence[Check] = (),
) -> Audit:
    """An audit with these findings; its target is a local AWS that nobody asks."""
    file = folder / "landrail.yaml"
    file.write_text(_FILE, encoding="utf-8")
    connection = Connection(REGION, endpoint="http://127.0.0.1:9")
    return Audit(
        project=open_project(file),
        target=Target("local", {"kind": "local"}, Entrances(connection, UAT, None, None)),
        realm=Realm("o-1", frozenset(_NAMES)),
        began=NOW,
        ended=NOW,
        scope=Scope(ACCOUNTS, left_out or {}, tuple(checks) or (check(),)),
        findings=tuple(findings),
        fixed=(),
        unread=tuple(unread),
        unused_waivers=(),
        rows={"s3_buckets": 3},
        calls=7,
        seconds=0.5,
        history=tuple(history),
    )

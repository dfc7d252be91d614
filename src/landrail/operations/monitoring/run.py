"""What monitored guardrails would have denied in the last days, from every account's event
history."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from landrail.aws.entering import NoEntry
from landrail.aws.errors import CallError, code, failure
from landrail.aws.observe import observe_accounts_of
from landrail.compiler import wanted_of
from landrail.diagnostics import Diagnostic, Failure, Mistakes, nearest
from landrail.operations.monitoring.deciding import Monitored, decide
from landrail.operations.monitoring.records import Seen, read
from landrail.operations.project import Project, open_project
from landrail.operations.target import Target, open_target
from landrail.resources import Account, Token, Unattached, Wanted, substitute

_GLOBAL = "us-east-1"
_DECIDED = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")
MOST_DAYS = 90
"""How far the event history goes back."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call that would have been denied, and by which statement."""

    seen: Seen
    sid: str


@dataclass(slots=True)
class Watched:
    """A guardrail in `monitor`: where, and what it would have done. `untold` counts the calls that
    cannot be decided, by what is not known of them; `silent` says why it decides nothing."""

    guardrail: str
    targets: tuple[str, ...]
    policies: tuple[Monitored, ...]
    calls: list[Call] = field(default_factory=list)
    untold: dict[str, int] = field(default_factory=dict)
    silent: str = ""

    @property
    def principals(self) -> tuple[str, ...]:
        """Who made the calls that would have been denied."""
        return tuple(dict.fromkeys(call.seen.who for call in self.calls))


@dataclass(frozen=True, slots=True)
class Monitoring:
    """Everything that is watched: of how many calls in how many days, what was unreadable, and the
    accounts that could not be asked with the reason."""

    target: Target
    days: int
    watched: tuple[Watched, ...]
    records: int
    unreadable: Mapping[str, int]
    left_out: Mapping[str, str]


def monitor(
    file: Path,
    names: Sequence[str] = (),
    *,
    days: int = 7,
    opened: Callable[[Project, Target], None] = lambda _project, _target: None,
) -> Monitoring:
    """Tell what the guardrails in `monitor` would have denied; `names` are guardrails, all where
    there are none. Raises Mistakes and Failure."""
    project = open_project(file)
    wanted = wanted_of(project.document)
    chosen = _chosen(wanted, names)
    target = open_target(project)
    opened(project, target)
    try:
        organization, observed = observe_accounts_of(target.entrances, wanted)
    except CallError as error:
        raise failure(error, "reading the organization") from error
    if organization is None:
        raise Failure("there is no organization yet", "`landrail apply` makes it")
    ids = {name: account.account_id for name, account in observed.items()}
    watched = tuple(_watched(wanted, one, ids, organization) for one in chosen)
    asked = sorted({a for one in watched for p in one.policies for a in p.accounts})
    records, left_out = _records(target, project.document.region, asked, days)
    unreadable = _decided(records, organization, watched)
    named = {number: name for name, number in ids.items()}
    return Monitoring(
        target,
        days,
        watched,
        len(records),
        unreadable,
        {named.get(account, account): why for account, why in left_out.items()},
    )


def _chosen(wanted: Wanted, names: Sequence[str]) -> list[Unattached]:
    watched = [one for one in wanted.unattached if one.mode == "monitor"]
    known = {one.guardrail for one in watched}
    wrong = [name for name in names if name not in known]
    if wrong:
        raise Mistakes([Diagnostic(*_not_watched(name, known)) for name in wrong])
    return [one for one in watched if not names or one.guardrail in names]


def _not_watched(name: str, known: set[str]) -> tuple[str, str]:
    near = nearest(name, known)
    there = ", ".join(sorted(known)) or "none"
    remedy = f"did you mean `{near}`?" if near else f"in `monitor`: {there}"
    return f"the file does not have the guardrail `{name}` in `monitor`", remedy


def _watched(wanted: Wanted, one: Unattached, ids: Mapping[str, str], organization: str) -> Watched:
    values = {Token("account", name): number for name, number in ids.items()}
    values[Token("organization", "")] = organization
    accounts = frozenset(
        ids[account.name]
        for account in wanted.of_kind(Account)
        if account.name in ids and account.ou and any(_under(account, t) for t in one.targets)
    )
    policies = tuple(
        Monitored(one.guardrail, kind, substitute(document, values), accounts)
        for kind, document in one.documents.items()
        if kind in _DECIDED
    )
    others = [kind for kind in one.documents if kind not in _DECIDED]
    silent = ""
    if not policies:
        silent = f"{', '.join(others)} denies no calls" if others else "it has no preventive form"
    return Watched(one.guardrail, one.targets, policies, silent=silent)


def _under(account: Account, target: str) -> bool:
    kind, _, name = target.partition("/")
    if kind == "account":
        return account.name == name
    ou = account.ou or ""
    return kind == "root" or ou == name or ou.startswith(f"{name}/")


def _decided(
    records: Sequence[Mapping[str, Any]], organization: str, watched: Sequence[Watched]
) -> dict[str, int]:
    """Hold every record against what is watched; return how many could not be read, by why."""
    unreadable: Counter[str] = Counter()
    for record in records:
        seen = read(record, organization)
        if not isinstance(seen, str):
            for one in watched:
                _note(one, seen)
        elif seen:
            unreadable[seen] += 1
    return dict(unreadable)


def _note(one: Watched, seen: Seen) -> None:
    for policy in one.policies:
        told = decide(policy, seen)
        if told.sid is not None:
            one.calls.append(Call(seen, told.sid))
            return
        if told.unknown:
            what = ", ".join(told.unknown)
            one.untold[what] = one.untold.get(what, 0) + 1


def _records(
    target: Target, region: str, accounts: Sequence[str], days: int
) -> tuple[list[Mapping[str, Any]], dict[str, str]]:
    """Read the event history of accounts, of the platform's region and of global services."""
    since = datetime.now(UTC) - timedelta(days=days)
    left_out: dict[str, str] = {}

    def of(account: str) -> list[Mapping[str, Any]]:
        try:
            return list(_history(target, account, dict.fromkeys((region, _GLOBAL)), since))
        except NoEntry as error:
            left_out[account] = str(error)
        except ClientError as error:
            left_out[account] = f"its event history cannot be read: {code(error)}"
        return []

    with ThreadPoolExecutor(target.entrances.connection.parallel) as pool:
        found = [record for one in pool.map(of, accounts) for record in one]
    unique = {str(record.get("eventID")): record for record in found}
    return sorted(unique.values(), key=lambda r: str(r.get("eventTime"))), left_out


def _history(
    target: Target, account: str, regions: Mapping[str, None], since: datetime
) -> Iterator[Mapping[str, Any]]:
    connection, who = target.entrances.connection, target.entrances.member(account)
    for region in regions:
        for event in connection.listed(
            who, "cloudtrail", "LookupEvents", "Events", region=region, StartTime=since
        ):
            yield json.loads(event["CloudTrailEvent"])

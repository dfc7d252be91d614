"""Putting right what is safe to: planned call by call, shown, performed, and looked at again.

Each call is made by the platform role of its account, which guardrails let through, or by a person
of break-glass where one is named. An account that is not in the file is left alone.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from landrail.aws.asking import Asking
from landrail.aws.entering import Entrances, NoEntry
from landrail.aws.errors import message
from landrail.inventory import Ask, Refused
from landrail.inventory.catalogue import tables
from landrail.operations.audit.acting import Actor
from landrail.operations.audit.finding import Finding
from landrail.operations.audit.judging import judge
from landrail.operations.audit.scope import Check
from landrail.operations.audit.storing import Rows
from landrail.operations.audit.values import Audit
from landrail.rules.catalogue import fixes
from landrail.rules.fix import Call, NotSafe, Subject
from landrail.rules.unsafe import UNKNOWN, WHY

_WAITS = (2.0, 4.0, 8.0)
"""Seconds before looking again."""


@dataclass(frozen=True, slots=True)
class Step:
    """What would be done about one finding: the calls, or why none is made."""

    finding: Finding
    says: str
    calls: tuple[Call, ...] = ()

    @property
    def does_something(self) -> bool:
        """Whether there is a call to make."""
        return bool(self.calls)


@dataclass(frozen=True, slots=True)
class Done:
    """How a step went: `error` is AWS's answer to a call that failed; `stands` says that the
    finding was found again, None where the resource could not be looked at."""

    step: Step
    error: str | None = None
    stands: bool | None = None

    @property
    def repaired(self) -> bool:
        """Whether it was looked at again and found right."""
        return self.error is None and self.stands is False


def plan_fixes(made: Audit) -> tuple[Step, ...]:
    """Say what would be done about each finding that counts."""
    known = {account.account_id for account in made.scope.accounts if account.known}

    def plan(finding: Finding) -> Step:
        if finding.account_id not in known:
            return Step(finding, "the account is not in the file, and left alone")
        return _planned(made, finding)

    with ThreadPoolExecutor(made.target.entrances.connection.parallel) as pool:
        return tuple(pool.map(plan, made.open))


def perform_fixes(made: Audit, steps: Sequence[Step], actor: Actor) -> tuple[Done, ...]:
    """Make the calls of the steps, each call once, and look at what they changed again."""
    errors: dict[tuple[str, str], str | None] = {}
    for step in steps:
        for call in step.calls:
            key = (step.finding.account_id, repr(call))
            if key not in errors:
                errors[key] = _performed(made.target.entrances, actor, step.finding, call)
    done = [Done(step, _first(errors, step)) for step in steps if step.does_something]
    return tuple(_looked_again(made, done))


def _planned(made: Audit, finding: Finding) -> Step:
    fix = fixes().get(finding.rule)
    if fix is None:
        return Step(finding, WHY.get(finding.rule, UNKNOWN))
    check = _check(made, finding)
    parameters = {**check.rule.parameters, **check.parameters} if check else {}
    subject = Subject(
        finding.account_id, finding.region, finding.resource_id, finding.arn, parameters
    )
    try:
        calls = fix.calls(_ask(made, finding.account_id, finding.region), subject)
    except NotSafe as reason:
        return Step(finding, str(reason))
    except (Refused, NoEntry) as error:
        return Step(finding, f"how it stands cannot be read: {error}")
    return Step(finding, fix.says, calls)


def _check(made: Audit, finding: Finding) -> Check | None:
    return next((check for check in made.scope.checks if check.label == finding.label), None)


def _ask(made: Audit, account_id: str, region: str) -> Ask:
    entrances = made.target.entrances
    who = entrances.reader(account_id)
    return Asking(entrances.connection, who, account_id, region, made.realm)


def _performed(entrances: Entrances, actor: Actor, finding: Finding, call: Call) -> str | None:
    try:
        entrances.connection.call(
            actor(finding.account_id),
            call.service,
            call.operation,
            region=finding.region,
            **call.parameters,
        )
    except NoEntry as error:
        return str(error)
    except (ClientError, BotoCoreError) as error:
        return message(error)
    return None


def _first(errors: Mapping[tuple[str, str], str | None], step: Step) -> str | None:
    told = (errors[step.finding.account_id, repr(call)] for call in step.calls)
    return next((error for error in told if error is not None), None)


def _looked_again(made: Audit, done: Iterable[Done]) -> Iterator[Done]:
    """Read the resources of the steps that went well again, and judge them by their rules. On AWS
    a change may show a little later: what is still found is looked at a few times more."""
    waits = () if made.target.entrances.connection.is_local else _WAITS
    left = []
    for one in done:
        if one.error is None:
            left.append(one)
        else:
            yield one
    for wait in (0.0, *waits):
        if not left:
            return
        time.sleep(wait)
        looked = _judged_again(made, left)
        yield from (one for one in looked if one.repaired)
        left = [one for one in looked if not one.repaired]
    yield from left


def _judged_again(made: Audit, well: Sequence[Done]) -> list[Done]:
    with tempfile.TemporaryDirectory(prefix="landrail-audit-") as folder:
        unread = _read_again(made, well, Path(folder))
        checks = {one.step.finding.label: _check(made, one.step.finding) for one in well}
        held = [check for check in checks.values() if check is not None]
        found = {(row[0], row[1], row[4]) for row in judge(Path(folder), held, _accounts(made))}
    again = []
    for one in well:
        finding = one.step.finding
        key = (finding.label, finding.account_id, finding.resource_id)
        blind = (finding.account_id, finding.resource_id) in unread
        again.append(Done(one.step, None, None if blind else key in found))
    return again


def _read_again(made: Audit, well: Sequence[Done], folder: Path) -> set[tuple[str, str]]:
    writer, unread = Rows(folder), set()
    seen: set[tuple[str, str, str, str]] = set()
    for one in well:
        finding = one.step.finding
        check = _check(made, finding)
        assert check is not None
        table = tables()[check.rule.table]
        writer.add(table.name, table.every_column, ())
        key = (table.name, finding.account_id, finding.region, finding.resource_id)
        if key in seen:
            continue
        seen.add(key)
        try:
            ask = _ask(made, finding.account_id, finding.region)
            rows = list(table.rows(ask, finding.resource_id))
        except (Refused, NoEntry):
            unread.add((finding.account_id, finding.resource_id))
            continue
        writer.add(table.name, table.every_column, rows)
    writer.seal()
    return unread


def _accounts(made: Audit) -> frozenset[str]:
    return frozenset(account.account_id for account in made.scope.accounts)

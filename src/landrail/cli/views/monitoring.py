"""What guardrails in `monitor` would have denied, as lines for people and as data for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from landrail.cli import screen
from landrail.diagnostics import counted
from landrail.operations.monitoring.run import Call, Monitoring, Watched

_MOST = 20


def monitoring_lines(told: Monitoring) -> Iterator[str]:
    """Yield a part for each guardrail, and what the trail does not tell."""
    if not told.watched:
        yield "no guardrail is in `monitor`: write `- ID: {mode: monitor}` under `guardrails`"
        return
    for one in told.watched:
        yield from _watched_lines(one)
    looked = (
        f"{told.records:,} management events of the last {told.days} days were looked at; data "
        "events (objects read and written) are not in the event history"
    )
    yield from map(screen.faint, screen.folded(looked, "", "  "))
    for account, why in told.left_out.items():
        yield screen.yellow(f"account {account} is left out: {why}")
    for what, count in sorted(told.unreadable.items()):
        yield screen.faint(f"{counted(count, 'call')} not decided: {what}")


def _watched_lines(one: Watched) -> Iterator[str]:
    where = ", ".join(target.removeprefix("ou/") for target in one.targets)
    if one.silent:
        yield f"{one.guardrail} ({where}): nothing to tell, {one.silent}"
        return
    calls, people = len(one.calls), len(one.principals)
    who = f" by {counted(people, 'principal')}" if calls else ""
    says = f"would have denied {counted(calls, 'call')}{who}"
    yield f"{one.guardrail} ({where}): {screen.red(says) if calls else screen.green(says)}"
    by_kind = Counter((call.seen.action, call.seen.who, call.sid) for call in one.calls)
    for (action, arn, sid), count in by_kind.most_common(_MOST):
        yield from screen.folded(f"{count} x {action} by {arn}, statement {sid}", "  ", "    ")
    for call in one.calls[-_MOST:]:
        resource = call.seen.resources[0] if call.seen.resources else ""
        said = f"{call.seen.time}  {call.seen.event_id}  {call.seen.action}  {resource}"
        yield from screen.folded(screen.faint(said), "  ", "    ")
    if calls > _MOST:
        yield screen.faint(f"  {calls - _MOST} more calls: --json has all of them")
    for keys, count in one.untold.items():
        yield from screen.folded(
            screen.yellow(f"{counted(count, 'call')} cannot be told: the trail has no {keys}"),
            "  ",
            "    ",
        )


def monitoring_data(told: Monitoring) -> dict[str, Any]:
    """Return the JSON twin, with every call."""
    return {
        "target": told.target.data,
        "days": told.days,
        "events": told.records,
        "guardrails": [
            {
                "guardrail": one.guardrail,
                "targets": list(one.targets),
                "would_have_denied": len(one.calls),
                "principals": list(one.principals),
                "calls": [_call(call) for call in one.calls],
                "cannot_be_told": dict(one.untold),
                "silent": one.silent or None,
            }
            for one in told.watched
        ],
        "not_decided": dict(told.unreadable),
        "left_out": dict(told.left_out),
    }


def _call(call: Call) -> dict[str, Any]:
    seen = call.seen
    return {
        "event": seen.event_id,
        "time": seen.time,
        "principal": seen.who,
        "account": seen.account,
        "region": seen.region,
        "action": seen.action,
        "resources": list(seen.resources),
        "statement": call.sid,
    }

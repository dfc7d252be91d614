"""Fixes of an audit: each finding with the calls that would be made, or why none is; and how it
went."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from landrail.cli import screen
from landrail.operations.audit.fixing import Done, Step
from landrail.rules.fix import Call

_UNDER = " " * 10


def plan_lines(steps: Sequence[Step], actor: str) -> Iterator[str]:
    """Yield what would be done, and why the rest is left to people."""
    doing = [step for step in steps if step.does_something]
    left = [step for step in steps if not step.does_something]
    if doing:
        yield ""
        yield f"to put right, as {actor}"
    for step in doing:
        yield from screen.folded(f"{_subject(step)}: {step.says}", "  ", "  ")
        for call in step.calls:
            yield from screen.folded(f"{_call(call)}", _UNDER, "  ")
    if left:
        yield ""
        yield "left to people"
    reasons = Counter((step.finding.guardrail, step.says) for step in left)
    for (guardrail, reason), count in reasons.items():
        yield from screen.folded(f"{guardrail} ({count}): {reason}", "  ", "  ")
    yield ""
    yield f"{len(doing)} of {len(steps)} findings can be put right"


def done_lines(done: Sequence[Done]) -> Iterator[str]:
    """Yield how it went."""
    for one in done:
        word, more = _went(one)
        yield f"{word}  {_subject(one.step)}"
        yield from screen.folded(more, _UNDER, "  ")
    repaired = sum(one.repaired for one in done)
    yield f"{repaired} repaired, {len(done) - repaired} not"


def _went(one: Done) -> tuple[str, str]:
    """Return a word for how a step went, and what there is to say of it."""
    if one.repaired:
        return screen.green("repaired"), ""
    if one.error is not None:
        return screen.red("failed  "), one.error
    if one.stands is None:
        return screen.yellow("unsure  "), "it could not be looked at again"
    return screen.yellow("stands  "), "it is still found"


def plan_data(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Return the plan for programs."""
    return [
        {
            "finding": step.finding.to_json(),
            "says": step.says,
            "calls": [
                {"service": c.service, "operation": c.operation, "parameters": dict(c.parameters)}
                for c in step.calls
            ],
        }
        for step in steps
    ]


def done_data(done: Sequence[Done]) -> list[dict[str, Any]]:
    """Return how it went for programs."""
    return [
        {
            "uid": one.step.finding.uid,
            "guardrail": one.step.finding.guardrail,
            "account": one.step.finding.account,
            "resource_id": one.step.finding.resource_id,
            "repaired": one.repaired,
            "found_again": one.stands,
            "error": one.error,
        }
        for one in done
    ]


def _subject(step: Step) -> str:
    finding = step.finding
    return f"{finding.guardrail}  {finding.account}  {finding.name}"


def _call(call: Call) -> str:
    given = json.dumps(dict(call.parameters), default=str, separators=(", ", ": "))
    return f"{call.service}:{call.operation} {given}"

"""A decision as lines: what was asked, what each layer said, what decided, who owns that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from textwrap import wrap
from typing import Any

import click

from landrail.cli import screen
from landrail.diagnostics import counted
from landrail.operations.explain import Conclusion, Explained

_LAYERS = {
    "identity": "identity",
    "boundary": "boundary",
    "session": "session policy",
    "resource": "resource policy",
    "trust": "trust policy",
    "scp": "SCP",
    "rcp": "RCP",
    "endpoint": "endpoint policy",
    "grant": "key grant",
    "public-access": "public access",
}
_NETWORK = ("aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip")
_COLUMN = 20
_WIDEST_COLUMN = 34
_ABLE = 4
"""Roles that can: how many are shown."""
_ELSEWHERE = 3
"""Statements that allow the action elsewhere: how many are shown."""


def explain_lines(explained: Explained) -> Iterator[str]:
    """Yield the explanation of an event."""
    entry = explained.entry
    if not explained.conclusions:
        call = f"{entry.get('eventSource')} {entry.get('eventName')}"
        yield f"{_who(explained)} called {call}"
        words = entry.get("errorMessage") or "no policy took part in this call"
        yield from _folded(f"{entry.get('errorCode', 'decided without policies')}: {words}", 2)
    for number, conclusion in enumerate(explained.conclusions):
        if number:
            yield ""
        yield from _conclusion(explained, conclusion)


def verdict_lines(explained: Explained) -> Iterator[str]:
    """Yield who may what, and the reason, without the layers."""
    for conclusion in explained.conclusions:
        yield from _verdict(explained, conclusion)
        reason = conclusion.decision.get("reason")
        if reason:
            yield from _folded(f"because {reason}", 2)
        if conclusion.guardrail:
            yield f"  from guardrail {conclusion.guardrail}"
        yield from _folded("--explain tells what each layer says", 2)


def explain_data(explained: Explained) -> dict[str, Any]:
    """Return the JSON twin."""
    return {
        "event": explained.event_id or None,
        "who": explained.who,
        "role": explained.role,
        "account": explained.account,
        "time": explained.entry.get("eventTime"),
        "error": explained.entry.get("errorCode"),
        "message": explained.entry.get("errorMessage"),
        "decisions": [
            {
                **conclusion.decision,
                "action": conclusion.action,
                "resource": conclusion.resource,
                "call": _call(explained),
                "guardrail": conclusion.guardrail,
                "made_by": conclusion.made_by,
                "place": conclusion.place,
                "who_can": [asdict(one) for one in conclusion.able],
            }
            for conclusion in explained.conclusions
        ],
    }


def _who(explained: Explained) -> str:
    parts = [f"role {explained.role}" if explained.role else "", explained.account or ""]
    inside = ", ".join(part for part in parts if part)
    return f"{explained.who} ({inside})" if inside else explained.who


def _verdict(explained: Explained, conclusion: Conclusion) -> Iterator[str]:
    allowed = conclusion.decision["decision"] == "ALLOW"
    may = screen.green("may") if allowed else screen.red("may not")
    who, what = _who(explained), f"{may} {conclusion.action}"
    line = f"{who} {what}"
    yield from [line] if len(click.unstyle(line)) <= screen.width() else [who, f"  {what}"]
    if conclusion.resource:
        yield f"  on {conclusion.resource}"


def _conclusion(explained: Explained, conclusion: Conclusion) -> Iterator[str]:
    decision = conclusion.decision
    yield from _verdict(explained, conclusion)
    called = _call(explained)
    if called.partition(":")[2] != conclusion.action.partition(":")[2]:
        yield f"  which the call {called} needs too"
    yield ""
    rows = [row for layer in decision["layers"] for row in _layer(layer, explained, decision)]
    rows.append(("", ""))
    if decision.get("reason"):
        rows.append(("because", str(decision["reason"])))
    rows += [] if decision["decision"] == "ALLOW" else _remedies(conclusion, decision)
    column = min(_WIDEST_COLUMN, max(_COLUMN, *(len(name) + 4 for name, _ in rows)))
    for name, words in rows:
        yield from _row(name, words, column)


def _call(explained: Explained) -> str:
    source = str(explained.entry.get("eventSource", "")).partition(".")[0]
    return f"{source}:{explained.entry.get('eventName', '')}"


def _remedies(conclusion: Conclusion, decision: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Say where the policy comes from, whom it lets be, and who can."""
    if conclusion.guardrail:
        place = conclusion.place or "recommended by default"
        yield "from", f"guardrail {conclusion.guardrail} ({place})"
    elif conclusion.made_by:
        place = f" ({conclusion.place})" if conclusion.place else ""
        yield "from", f"stack {conclusion.made_by}{place}"
    exempt = sorted(_exempt(decision))
    if exempt:
        yield "who is exempt", ", ".join(exempt)
    if any(c["key"].lower() in _NETWORK and c["actual"] is None for c in _deciding(decision)):
        yield "from where", "`landrail as --network ACCOUNT` calls from that account's VPC"
    for number, able in enumerate(conclusion.able[:_ABLE]):
        yield ("" if number else "who can"), able.words
    if len(conclusion.able) > _ABLE:
        yield "", f"and {len(conclusion.able) - _ABLE} more: --json lists them"
    if not conclusion.able:
        yield "who can", "no role of these accounts, as policies stand"


def _name(layer: Mapping[str, Any], explained: Explained) -> str:
    """Name a layer: `SCP Workloads`, `identity`."""
    name = _LAYERS.get(layer["layer"], layer["layer"])
    kind, _, level = str(layer.get("level") or "").rpartition("/")
    if kind == "account" and level == explained.entry.get("userIdentity", {}).get("accountId"):
        level = explained.account or level
    return f"{name} {level}".strip()


def _layer(
    layer: Mapping[str, Any], explained: Explained, decision: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    name = _name(layer, explained)
    applied = [f for f in layer["findings"] if f["matched"]]
    if layer["outcome"] == "EXPLICIT_DENY":
        applied = [f for f in applied if f["effect"] == "Deny"]
        first = applied[0]
        at = first.get("attachedTo") or decision.get("attachedTo")
        yield name, f"DENIES   {_statement(first)}{f', attached to {at}' if at else ''}"
        yield from (("", _condition(c)) for c in first["conditions"])
        return
    if layer["outcome"] == "ALLOW":
        first = next(f for f in applied if f["effect"] == "Allow")
        yield name, f"allows   {_statement(first)}"
        yield from (("", _condition(c)) for c in first["conditions"])
        return
    yield from _nothing(name, layer)


def _nothing(name: str, layer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A layer that does not allow: what was looked at, and what comes near."""
    looked = ", ".join(dict.fromkeys(layer.get("policies") or ()))
    of = f" of {looked}" if looked else ""
    count = layer["statements"]
    statements = counted(count, "statement")
    near = [f for f in layer["findings"] if f["effect"] == "Allow" and not f["matched"]]
    fits = "none that fits" if not near else "none whose conditions hold"
    said = f"{statements}{of}, {fits}" if count else "no policy here"
    yield name, f"allows nothing here ({said})"
    for finding in near[:_ELSEWHERE]:
        yield "", f"{_statement(finding)} would allow it, but for"
        yield from (("", _condition(c)) for c in finding["conditions"] if not c["passed"])
    for other in layer.get("elsewhere", ())[:_ELSEWHERE]:
        where = ", ".join(other["resources"])
        yield "", f"{_statement(other)} allows it on {where} alone"


def _statement(finding: Mapping[str, Any]) -> str:
    name = finding["sid"] or f"number {finding['statement']}"
    return f"policy {finding['policy']}, statement {name}"


def _condition(condition: Mapping[str, Any]) -> str:
    actual = condition["actual"]
    actual = "absent" if actual is None else actual
    expected = ", ".join(condition["expected"])
    return (
        f"condition {condition['key']} = {actual}  {condition['operator']} {expected}"
        f"  -> {str(condition['passed']).lower()}"
    )


def _deciding(decision: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the conditions of the deciding statement."""
    for layer in decision["layers"]:
        for finding in layer["findings"]:
            ours = (decision.get("policy"), decision.get("sid"))
            if finding["matched"] and (finding["policy"], finding["sid"]) == ours:
                yield from finding["conditions"]


def _exempt(decision: Mapping[str, Any]) -> set[str]:
    """Return the principals that the deciding statement excepts."""
    return {
        value
        for condition in _deciding(decision)
        if condition["key"].lower() == "aws:principalarn" and "Not" in condition["operator"]
        for value in condition["expected"]
    }


def _row(name: str, words: str, column: int) -> list[str]:
    start = f"  {name}".ljust(column)
    lines = _wrapped(words, start if start.endswith(" ") else f"{start}  ", " " * (column + 2))
    return lines or [start.rstrip()]


def _folded(text: str, indent: int) -> list[str]:
    return _wrapped(text, " " * indent, " " * indent)


def _wrapped(text: str, first: str, others: str) -> list[str]:
    """Fold between words alone: an ARN is there to be copied."""
    return wrap(
        text,
        screen.width(),
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )

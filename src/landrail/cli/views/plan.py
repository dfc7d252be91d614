"""A plan for people: one line a change, grouped by account, with what it means at the end."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import click

from landrail.cli import screen
from landrail.cli.typed import next_steps, typed
from landrail.diagnostics import counted
from landrail.plan import Action, Change, Detail, Difference, Effect, Notice, Plan

_SIGNS = {
    Action.CREATE: "+",
    Action.UPDATE: "~",
    Action.REPLACE: "!",
    Action.DELETE: "-",
    Action.ADOPT: "=",
    Action.REFUSED: "x",
}
_PAINT = {
    Action.CREATE: screen.green,
    Action.UPDATE: screen.yellow,
    Action.REPLACE: screen.red,
    Action.DELETE: screen.red,
    Action.ADOPT: screen.green,
    Action.REFUSED: screen.red,
}
_KINDS = (
    *("organization", "ou", "account", "policy", "attachment", "registration", "control"),
    *("recorder", "defaults", "stack", "access"),
)
_NAMES = (22, 32)
"""How narrow and how wide the column of names may be."""
_INDENT = 18


_POLICIES = {
    "SERVICE_CONTROL_POLICY": "service control",
    "RESOURCE_CONTROL_POLICY": "resource control",
    "S3_POLICY": "S3",
    "DECLARATIVE_POLICY_EC2": "declarative EC2",
    "AISERVICES_OPT_OUT_POLICY": "AI services opt-out",
}


def plan_lines(plan: Plan, *, verbose: bool = False) -> Iterator[str]:
    """Yield the changes, grouped by account, and what was found beside them."""
    shown = [c for c in plan.changes if c.action is not Action.NO_OP]
    order = {change.address.scope: n for n, change in reversed(list(enumerate(plan.changes)))}
    order["organization"] = -1
    shown.sort(key=lambda c: (order[c.address.scope], _KINDS.index(c.address.kind)))
    column = _name_column(shown)
    for scope, changes in groupby(shown, key=lambda c: c.address.scope):
        yield scope
        for change in changes:
            yield from _change_lines(change, column)
            if verbose:
                yield from _details(change.details)
    yield from notice_lines(plan.notices)
    follows = [c for c in plan.changes if c.action is Action.NO_OP and "follows" in c.facts]
    if follows:
        names = ", ".join(str(change.address) for change in follows)
        yield from _wrapped(f"only if outputs that they use come back different: {names}", "  ")
    if shown or plan.notices or follows:
        yield ""


def count_lines(plan: Plan) -> Iterator[str]:
    """Yield the counts."""
    accounts = sum(c.address.kind == "account" for c in plan.changes)
    counts = plan.counts
    parts = [
        counted(accounts, "account"),
        f"{counts[Action.CREATE]} to add, {counts[Action.UPDATE]} to change in place, "
        f"{counts[Action.REPLACE]} to replace, {counts[Action.DELETE]} to delete",
    ]
    if counts[Action.ADOPT]:
        parts[-1] += f", {counts[Action.ADOPT]} to take over"
    if plan.refused:
        parts[-1] += f", {len(plan.refused)} refused"
    yield " · ".join(parts)
    yield attached_line(plan)
    if not plan.refreshed:
        yield "templates and drift were not looked at (--no-refresh)"


def closing_lines(plan: Plan, out: Path | None, file: Path) -> Iterator[str]:
    """Yield what the plan means and the next command."""
    if plan.refused:
        yield from _refused_lines(plan, file)
    elif not plan.pending:
        yield "nothing to do: what stands is what the file says"
        yield from next_steps(typed("show", file))
    else:
        saved = f" --plan {shlex.quote(str(out))}" if out else ""
        yield f"apply with:  {typed(f'apply{saved}', file)}"


def _refused_lines(plan: Plan, file: Path) -> Iterator[str]:
    accepts = [f"--accept {shlex.quote(c.accept)}" for c in plan.refused if c.accept]
    if len(accepts) < len(plan.refused):
        yield "nothing is applied while changes are refused; change the file"
        return
    yield "nothing is applied while changes are refused; change the file, or accept them with:"
    lines = [typed("apply", file), *(f"  {accept}" for accept in accepts)]
    yield from (f"  {line} \\" for line in lines[:-1])
    yield f"  {lines[-1]}"


def attached_line(plan: Plan) -> str:
    """Return how many policies of each type the fullest target carries, against what it takes:
    every type has a quota of its own."""
    facts = {c.address.name: c.facts for c in plan.changes if c.address.kind == "policy"}
    held: dict[str, Counter[str]] = {}
    rooms: dict[str, int] = {}
    for change in plan.changes:
        if change.address.kind == "attachment" and change.action is not Action.DELETE:
            policy, _, target = change.address.name.partition(" -> ")
            known = facts.get(policy, {})
            kind = str(known.get("type", ""))
            held.setdefault(kind, Counter())[target] += 1
            if "room" in known:
                rooms[kind] = int(known["room"])
    told = [
        f"{max(targets.values())}{f' of {rooms[kind]}' if kind in rooms else ''} {_kind(kind)}"
        for kind, targets in sorted(held.items(), key=lambda each: (each[0] not in rooms, each[0]))
    ]
    return f"policies of ours on a target: at most {', '.join(told) or 'none'}"


def _kind(policy_type: str) -> str:
    """Return a type of policies as AWS's documentation calls it."""
    return _POLICIES.get(policy_type) or policy_type.removesuffix("_POLICY").lower().replace(
        "_", " "
    )


def notice_lines(notices: Iterable[Notice]) -> Iterator[str]:
    """Yield what was found that no change will touch."""
    for notice in notices:
        head = f"{screen.yellow('note')}  "
        yield from _wrapped(f"{notice.scope}: {notice.summary}", "      ", head)
        if notice.remedy:
            yield from _wrapped(notice.remedy, "      ", "      ")


def _name_column(changes: Iterable[Change]) -> int:
    """Return how wide the column of names is: as the widest that has something beside it."""
    wide = (len(c.address.name) for c in changes if c.address.kind not in ("attachment", "access"))
    narrowest, widest = _NAMES
    return max(narrowest, min(widest, max(wide, default=0)))


def _change_lines(change: Change, column: int) -> Iterator[str]:
    name = change.address.name if change.address.kind != "access" else "first door"
    head = f"  {_SIGNS[change.action]} {change.address.kind:<12} {name:<{column}}  "
    first, *rest = _wrapped(" · ".join(_tail(change)), " " * _INDENT, head)
    yield _PAINT[change.action](first[:4]) + first[4:].rstrip()
    yield from rest


def _tail(change: Change) -> Iterator[str]:
    if change.action is Action.REFUSED:
        yield f"refused: {change.reason}"
        if change.accept:
            yield f"--accept {change.accept}"
        return
    yield from (words for words in (change.summary, change.reason) if words)
    if change.address.kind == "policy" and "characters" in change.facts:
        yield f"{change.facts['characters']:,} of {change.facts['of']:,} characters"


def _details(details: Iterable[Detail]) -> Iterator[str]:
    for detail in details:
        cause = f", {detail.cause}" if detail.cause else ""
        yield f"      {detail.name}  ({detail.effect.value}{cause})"
        for difference in detail.differences:
            yield from _difference(difference, detail.effect)


def _difference(difference: Difference, effect: Effect) -> Iterator[str]:
    yield f"        {difference.path}"
    if effect is not Effect.ADD or difference.before is not None:
        yield from _value(screen.red("-"), difference.before)
    if effect is not Effect.REMOVE or difference.after is not None:
        yield from _value(screen.green("+"), difference.after)


def _value(sign: str, value: object) -> Iterator[str]:
    text = value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False)
    for line in text.splitlines() or [""]:
        yield f"          {sign} {line}"


def _wrapped(text: str, indent: str, head: str = "") -> Iterator[str]:
    """Yield a text in lines of the screen's width: the first after `head`, others indented."""
    line, begun = head, False
    for word in text.split():
        longer = f"{line} {word}" if begun else line + word
        if begun and len(click.unstyle(longer)) > screen.width():
            yield line
            line = indent + word
        else:
            line = longer
        begun = True
    yield line

"""How an apply or a destroy went, for people and for programs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from landrail.cli import screen
from landrail.diagnostics import counted
from landrail.operations.performing import Result
from landrail.plan import Change, plain

_NAMED = 3
"""Changes that wait for the same: how many are named."""


def result_lines(result: Result, again: str, known: Collection[str] = ()) -> Iterator[str]:
    """Yield the summary; `again` is the command that goes on where this one stopped, `known` what
    was already said to be kept."""
    yield from _skipped(result)
    for address, reason in result.failed.items():
        yield from map(screen.red, screen.folded(f"{address}: {reason}", "failed   "))
    if result.not_started:
        yield f"stopped: {len(result.not_started)} changes were not begun"
    verdict = screen.green("done:") if result.ok else screen.red("not done:")
    parts = [
        counted(sum(c.address.kind == "account" for c in result.plan.changes), "account"),
        f"{len(result.done)} of {_planned(result)} changes made",
        f"{result.seconds:.1f} s",
        f"{result.calls:,} API calls ({result.mutating:,} changing something)",
    ]
    yield from screen.folded(f"{verdict} {', '.join(parts)}", "", " " * 6)
    if known:
        yield f"kept, as listed above: {counted(len(known), 'stack')}"
    for line in (kept for kept in result.kept if kept not in known):
        yield from screen.folded(line, "  kept  ")
    if not result.ok:
        yield f"go on with:  {again}"


def _skipped(result: Result) -> Iterator[str]:
    """Name what was skipped, by what it waits for; many are counted, `--json` names them."""
    waiting: dict[str, list[str]] = {}
    for address, cause in result.skipped.items():
        waiting.setdefault(str(cause), []).append(str(address))
    for reason, addresses in waiting.items():
        if len(addresses) > _NAMED:
            lines = [f"{len(addresses)} changes: they wait for {reason}"]
        else:
            lines = [f"{address}: it waits for {reason}" for address in addresses]
        for line in lines:
            yield from screen.folded(line, "skipped  ")


def result_data(result: Result) -> dict[str, Any]:
    """Return the same as data."""
    return {
        "ok": result.ok,
        "purpose": result.plan.purpose,
        "done": [str(address) for address in result.done],
        "failed": {str(address): reason for address, reason in result.failed.items()},
        "skipped": {str(address): str(cause) for address, cause in result.skipped.items()},
        "not_started": [str(address) for address in result.not_started],
        "kept": list(result.kept),
        "seconds": round(result.seconds, 3),
        "calls": result.calls,
        "mutating_calls": result.mutating,
    }


def changes_data(changes: tuple[Change, ...]) -> list[dict[str, Any]]:
    """Return changes as data, each with its address as a text."""
    return [{**plain(change), "address": str(change.address)} for change in changes]


def _planned(result: Result) -> int:
    return len(result.done) + len(result.failed) + len(result.skipped) + len(result.not_started)

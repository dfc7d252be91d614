"""`landrail plan`: what would apply change?"""

from __future__ import annotations

from pathlib import Path

import click

from landrail.cli import screen
from landrail.cli.options import file_option, json_option
from landrail.cli.views.plan import closing_lines, count_lines, plan_lines
from landrail.cli.views.result import changes_data
from landrail.cli.views.target import target_data, target_line
from landrail.operations.plan import Prepared, prepare, save
from landrail.plan import to_json

CHANGES = 2


@click.command("plan")
@file_option
@json_option
@click.option("--verbose", "-v", is_flag=True, help="Show every difference, before and after.")
@click.option("--out", type=click.Path(path_type=Path), help="Save the plan for `apply --plan`.")
@click.option("--accept", multiple=True, metavar="ADDRESS", help="Accept a refused change.")
@click.option("--no-refresh", is_flag=True, help="Compare digests; do not look for drift.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 where there are changes.")
def plan_command(
    file: Path,
    as_json: bool,
    verbose: bool,
    out: Path | None,
    accept: tuple[str, ...],
    no_refresh: bool,
    detailed_exitcode: bool,
) -> int:
    """Show what apply would change. Changes nothing."""
    prepared = prepare(
        file,
        accept=accept,
        refresh=not no_refresh,
        start=True,
        opened=lambda p, t: None if as_json else screen.say(target_line(p, t)),
        told=lambda words: screen.say(f"{words} …", err=True) if screen.lively() else None,
    )
    if out is not None:
        save(prepared.plan, out)
    if as_json:
        _emit(prepared)
    else:
        screen.say()
        for line in plan_lines(prepared.plan, verbose=verbose):
            screen.say(line)
        for line in (*count_lines(prepared.plan), *closing_lines(prepared.plan, out, file)):
            screen.say(line)
    changed = bool(prepared.plan.pending or prepared.plan.refused)
    return CHANGES if detailed_exitcode and changed else 0


def _emit(prepared: Prepared) -> None:
    plan, calls = prepared.plan, prepared.target.entrances.connection.calls
    screen.emit(
        {
            **to_json(plan),
            "target": target_data(prepared.project, prepared.target),
            "changes": changes_data((*plan.pending, *plan.refused)),
            "calls": calls.total,
            "mutating_calls": calls.mutating,
            "counts": {action.value: number for action, number in plan.counts.items()},
        }
    )

"""`landrail destroy`: take the platform down; data and accounts are kept."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from landrail.cli import screen
from landrail.cli.commands.apply import exit_code, stopping
from landrail.cli.options import file_option, json_option
from landrail.cli.typed import next_steps, typed
from landrail.cli.views.plan import plan_lines
from landrail.cli.views.progress import watching
from landrail.cli.views.result import result_data, result_lines
from landrail.cli.views.target import target_data, target_line
from landrail.diagnostics import Diagnostic, Failure, Mistakes
from landrail.operations.destroy import destroy, prepare_destroy
from landrail.operations.plan import Prepared
from landrail.operations.project import open_project
from landrail.operations.turn import turn
from landrail.plan import kept

_KEPT = "  kept  "


@click.command("destroy")
@file_option
@json_option
@click.option(
    "--include-data", multiple=True, metavar="ACCOUNT", help="Delete this account's data too."
)
@click.option("--confirm", metavar="PLATFORM", help="The platform's name, instead of being asked.")
@click.option("--parallel", type=click.IntRange(1, 64), help="Changes made at a time.")
def destroy_command(
    file: Path,
    as_json: bool,
    include_data: tuple[str, ...],
    confirm: str | None,
    parallel: int | None,
) -> int:
    """Take the platform down. Data, keys and accounts are kept, and listed."""
    again = typed("destroy", file)
    project = open_project(file)  # a wrong file is told before anything is made beside it
    if confirm is not None:
        _check_name(project.document.platform, confirm)
    with turn(file, "destroy"):
        prepared = prepare_destroy(
            file,
            include_data=include_data,
            parallel=parallel,
            opened=lambda p, t: None if as_json else screen.say(target_line(p, t)),
        )
        plan = prepared.plan
        if not as_json:
            _show(prepared)
        if plan.pending:
            _confirmed(plan.platform, confirm)
        elif not as_json:
            screen.say("nothing to do: nothing stands that a destroy takes down")
            for line in next_steps(typed("apply", file), typed("local stop", file)):
                screen.say(line)
            return 0
        with stopping(again) as stop, watching(plan, quiet=as_json) as listener:
            result = destroy(prepared, listener=listener, stop=stop)
    if as_json:
        data = result_data(result)
        screen.emit({**data, "target": target_data(prepared.project, prepared.target)})
    else:
        for line in result_lines(result, again, known=kept(plan)):
            screen.say(line)
        if result.ok:
            screen.say("an apply brings it back")
            for line in next_steps(typed("apply", file), typed("local stop", file)):
                screen.say(line)
    return exit_code(result, stop)


def _show(prepared: Prepared) -> None:
    plan = prepared.plan
    screen.say()
    for line in plan_lines(plan):
        screen.say(line)
    for stays in kept(plan):
        for line in screen.folded(stays, _KEPT):
            screen.say(line)
    if plan.pending:
        screen.say()
        screen.say("accounts are never closed: they move to Suspended, where everything is denied")


def _confirmed(platform: str, confirm: str | None) -> None:
    if confirm is None:
        if not sys.stdin.isatty():
            raise Failure(
                "destroy asks for the platform's name, and nobody is there to answer",
                f"use --confirm {platform}",
            )
        _check_name(
            platform, click.prompt(f"type the platform's name ({platform}) to take it down")
        )


def _check_name(platform: str, confirm: str) -> None:
    if confirm != platform:
        remedy = f"the file says `{platform}`; --confirm takes it, or type it when asked"
        raise Mistakes([Diagnostic(f"`{confirm}` is not the platform's name", remedy)])

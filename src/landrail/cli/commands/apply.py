"""`landrail apply`: build or change the platform to match the file."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from landrail.cli import screen
from landrail.cli.options import file_option, json_option
from landrail.cli.typed import next_steps, typed
from landrail.cli.views.plan import count_lines, plan_lines
from landrail.cli.views.progress import watching
from landrail.cli.views.result import result_data, result_lines
from landrail.cli.views.target import target_data, target_line
from landrail.diagnostics import Failure
from landrail.operations.apply import apply_plan, check_not_refused, check_unchanged
from landrail.operations.performing import Result
from landrail.operations.plan import Prepared, prepare, read
from landrail.operations.project import open_project
from landrail.operations.turn import turn
from landrail.plan import Plan

STOPPED = 130
SAFE = "^C is safe: what is in flight is finished, and apply goes on from there"


@click.command("apply")
@file_option
@json_option
@click.option("--plan", "saved", type=click.Path(path_type=Path), help="Perform this saved plan.")
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@click.option("--accept", multiple=True, metavar="ADDRESS", help="Accept a refused change.")
@click.option("--no-refresh", is_flag=True, help="Compare digests; do not look for drift.")
@click.option("--parallel", type=click.IntRange(1, 64), help="Changes made at a time.")
def apply_command(
    file: Path,
    as_json: bool,
    saved: Path | None,
    auto_approve: bool,
    accept: tuple[str, ...],
    no_refresh: bool,
    parallel: int | None,
) -> int:
    """Build or change the platform to match the file, exactly as planned."""
    plan = read(saved) if saved is not None else None
    open_project(file)  # a wrong file is told before anything is made beside it
    again = typed("apply", file)
    with turn(file, "apply"):
        prepared = prepare(
            file,
            accept=plan.accepted if plan is not None else accept,
            refresh=plan.refreshed if plan is not None else not no_refresh,
            start=True,
            parallel=parallel,
            opened=lambda p, t: None if as_json else screen.say(target_line(p, t)),
            told=lambda words: screen.say(f"{words} …", err=True) if screen.lively() else None,
        )
        if plan is not None:
            check_unchanged(plan, prepared)
        performed = plan or prepared.plan
        if not as_json:
            show(performed)
        check_not_refused(performed)
        if performed.pending and not (auto_approve or plan is not None):
            ask("make these changes?", "apply")
        if performed.pending and not as_json:
            screen.say(SAFE)
        with stopping(again) as stop, watching(performed, quiet=as_json) as listener:
            result = apply_plan(prepared, plan, listener=listener, stop=stop)
    if as_json:
        data = result_data(result)
        screen.emit({**data, "target": target_data(prepared.project, prepared.target)})
    else:
        for line in result_lines(result, again):
            screen.say(line)
        for line in _next(prepared, file) if result.ok else ():
            screen.say(line)
    return exit_code(result, stop)


def exit_code(result: Result, stop: threading.Event) -> int:
    """Return the exit code of an apply or a destroy."""
    if result.ok:
        return 0
    return STOPPED if stop.is_set() and not result.failed else 1


def show(plan: Plan) -> None:
    """Print a plan before it is performed."""
    screen.say()
    for line in plan_lines(plan):
        screen.say(line)
    for line in count_lines(plan):
        screen.say(line)


def ask(question: str, command: str) -> None:
    """Ask on a terminal; raises Failure where there is none, click.Abort where the answer is no."""
    if not sys.stdin.isatty():
        raise Failure(
            f"{command} asks before it changes anything, and nobody is there to answer",
            "use --auto-approve" + (", or --plan with a saved plan" if command == "apply" else ""),
        )
    click.confirm(question, abort=True)


@contextmanager
def stopping(again: str) -> Iterator[threading.Event]:
    """Turn the first ^C into a stop that finishes what is in flight. The second one leaves at once:
    threads wait for answers, and nothing else would end them. `again` is the command to go on."""
    stop = threading.Event()

    def interrupted(number: int, frame: FrameType | None) -> None:
        del number, frame
        if stop.is_set():
            screen.leave(
                f"left; what was in flight may still be made. go on with:  {again}", STOPPED
            )
        stop.set()
        screen.say("stopping: finishing what is in flight; ^C again leaves it", err=True)

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _next(prepared: Prepared, file: Path) -> Iterator[str]:
    document = prepared.project.document
    words = [typed("show", file)]
    for team in document.teams.values():
        if team.scientists:
            who = f"{team.scientists[0]}@{team.lob}-data-science"
            words.append(typed(f"as {who}", file, "aws s3 ls"))
            break
    yield from next_steps(*words)

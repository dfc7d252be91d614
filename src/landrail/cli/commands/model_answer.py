"""`landrail model approve|reject|rollback`: what goes to production, and what comes back."""

from __future__ import annotations

from pathlib import Path

import click

from landrail.cli import screen
from landrail.cli.following import follower, going_on
from landrail.cli.options import as_option, file_option, json_option, run_option, said
from landrail.cli.typed import next_steps, typed
from landrail.cli.views import runs as views
from landrail.diagnostics import Diagnostic, Failure, Mistakes
from landrail.operations.runs import acts
from landrail.operations.runs.opened import Opened, open_model
from landrail.operations.runs.state import Approval

_STAGE = "Production"
_LONGEST = 512  # characters of the summary of an approval


@click.command("approve")
@click.argument("model")
@run_option
@click.option(
    "-m",
    "--comment",
    default="",
    callback=said(_LONGEST),
    help="What was looked at; kept with the version.",
)
@as_option
@file_option
@json_option
def approve_command(
    model: str, run: str | None, comment: str, person: str | None, file: Path, as_json: bool
) -> None:
    """Approve the release of MODEL that waits. Nobody approves what is their own work."""
    _answer(model, run, comment, person, file, as_json, approve=True)


@click.command("reject")
@click.argument("model")
@run_option
@click.option(
    "-m",
    "--comment",
    required=True,
    callback=said(_LONGEST, least=1),
    help="Why; kept with the version.",
)
@as_option
@file_option
@json_option
def reject_command(
    model: str, run: str | None, comment: str, person: str | None, file: Path, as_json: bool
) -> None:
    """Reject the release of MODEL that waits."""
    _answer(model, run, comment, person, file, as_json, approve=False)


@click.command("rollback")
@click.argument("model")
@click.option("--to", metavar="RUN", help="Execution to go back to; the release before by default.")
@click.option("--stage", default=_STAGE, show_default=True, help="Stage to roll back.")
@click.option("--follow", is_flag=True, help="Wait until it is there.")
@as_option
@file_option
@json_option
def rollback_command(
    model: str,
    to: str | None,
    stage: str,
    follow: bool,
    person: str | None,
    file: Path,
    as_json: bool,
) -> None:
    """Put an earlier release of MODEL into production again, exactly as it was approved.

    What is live serves until the other one does; no request is lost.
    """
    opened = open_model(file, model, person)
    began, target = acts.roll_back(opened, stage, to)
    if not as_json:
        screen.say(views.target_line(opened))
        screen.say(f"{began.pipeline.name}  execution {began.execution} by {opened.person}")
        screen.say(f"  takes {stage} back to {views.run_words(target)}")
    if follow:
        with going_on(began.execution, model, file):
            follower(opened, began, quiet=as_json).end(began.execution)
    if as_json:
        screen.emit(
            {
                "pipeline": began.pipeline.name,
                "execution": began.execution,
                "target": views.run_data(target),
            }
        )
        return
    for line in next_steps(typed(f"model status {model}", file)):
        screen.say(line)


def _answer(
    model: str,
    run: str | None,
    comment: str,
    person: str | None,
    file: Path,
    as_json: bool,
    *,
    approve: bool,
) -> None:
    opened = open_model(file, model, person)
    waits = _waiting(opened, run)
    taken = acts.answer(opened, waits, approve=approve, comment=comment)
    word = "approved" if approve else "rejected"
    if as_json:
        screen.emit(
            {
                "pipeline": waits.pipeline,
                "execution": waits.execution,
                word: True,
                "by": opened.person,
                "comment": comment,
                "at": taken,
            }
        )
        return
    screen.say(views.target_line(opened))
    said = f": {comment}" if comment else ""
    screen.say(f"{waits.pipeline}  execution {waits.execution} {word} by {opened.person}{said}")
    for line in next_steps(typed(f"model status {model}", file)):
        screen.say(line)


def _waiting(opened: Opened, run: str | None) -> Approval:
    every = acts.waiting(opened)
    found = [one for one in every if run is None or acts.is_named(one.execution, run)]
    if len(found) == 1:
        return found[0]
    if not found:
        others = ", ".join(one.execution[:8] for one in every)
        which = f"release `{run}`" if run is not None and others else "release"
        raise Failure(
            f"no {which} of {opened.model} waits for approval",
            f"those that wait: {others}" if others else f"`landrail model log {opened.model}`",
        )
    listed = ", ".join(f"{one.execution[:8]} of {one.pipeline}" for one in found)
    raise Mistakes([Diagnostic("several releases wait for approval", f"give `--run`: {listed}")])

"""`landrail model status|log|logs`: what a model's pipelines do, did and say."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from landrail.cli import screen
from landrail.cli.following import going_on
from landrail.cli.options import (
    as_option,
    file_option,
    json_option,
    long_file_option,
    run_option,
)
from landrail.cli.typed import next_steps, typed
from landrail.cli.views import runs as views
from landrail.operations.runs import acts
from landrail.operations.runs.lines import lines
from landrail.operations.runs.opened import open_model
from landrail.operations.runs.standing import standing
from landrail.operations.runs.state import actions, runs


@click.command("status")
@click.argument("model")
@as_option
@file_option
@json_option
def status_command(model: str, person: str | None, file: Path, as_json: bool) -> None:
    """Show the newest execution of each pipeline of MODEL, what waits and what is live."""
    opened = open_model(file, model, person)
    found = standing(opened)
    if as_json:
        screen.emit(views.standing_data(opened, found))
        return
    screen.say(views.target_line(opened))
    for line in views.standing_lines(opened, found):
        screen.say(line)
    steps = [typed(f"model log {model}", file)]
    if any(one.approvals for one in found.pipelines):
        steps = [typed(f"model {word} {model}", file) for word in ("approve", "reject")]
    for line in next_steps(*steps):
        screen.say(line)


@click.command("log")
@click.argument("model")
@run_option
@click.option("-n", "--limit", type=click.IntRange(1, 100), default=5, show_default=True)
@as_option
@file_option
@json_option
def log_command(
    model: str, run: str | None, limit: int, person: str | None, file: Path, as_json: bool
) -> None:
    """Show the executions of MODEL's pipelines, newest first: who, what, how long, why not."""
    opened = open_model(file, model, person)
    if run:
        found = [acts.find(opened, run)]
    else:
        every = [one for pipeline in opened.pipelines for one in runs(opened, pipeline, limit)]
        found = sorted(every, key=lambda one: one.started, reverse=True)[:limit]
    told = [(one, actions(opened, one.pipeline, one.execution)) for one in found]
    if as_json:
        screen.emit([views.run_data(one, done) for one, done in told])
        return
    screen.say(views.target_line(opened))
    for one, done in told:
        for line in views.log_lines(one, done):
            screen.say(line)
    if not told:
        screen.say(f"no pipeline of {model} has run yet")


@click.command("logs")
@click.argument("model")
@run_option
@click.option("-f", "--follow", is_flag=True, help="Go on until the execution ends.")
@click.option("--stage", metavar="STAGE", help="Only the builds of this stage.")
@as_option
@long_file_option
@json_option
def logs_command(
    model: str,
    run: str | None,
    follow: bool,
    stage: str | None,
    person: str | None,
    file: Path,
    as_json: bool,
) -> None:
    """Print the lines of MODEL's newest execution: its builds, and the jobs that they start. With
    `--stage` the newest of the pipelines that have it.
    """
    opened = open_model(file, model, person)
    among = acts.with_stage(opened, stage) if stage else ()
    found = acts.find(opened, run) if run else acts.newest(opened, going=False, among=among)
    if not as_json:
        screen.say(screen.faint(views.run_words(found)), err=True)
    with going_on(found.execution, model, file) if follow and not found.ended else nullcontext():
        for line in lines(opened, found, follow=follow, stage=stage):
            screen.say(views.line_data(line) if as_json else views.line_words(line))

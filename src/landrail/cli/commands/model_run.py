"""`landrail model run|stop|retry`: executions of a model's pipelines."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from landrail.cli import screen
from landrail.cli.following import follower, going_on
from landrail.cli.options import as_option, file_option, json_option, run_option, said
from landrail.cli.typed import next_steps, typed
from landrail.cli.views import runs as views
from landrail.diagnostics import Diagnostic, Mistakes
from landrail.operations.runs import acts
from landrail.operations.runs.opened import open_model

_LONGEST = 200  # characters of the reason of a stop


@click.command("run")
@click.argument("model")
@click.option("--pipeline", metavar="NAME", help="Which of its pipelines; the first by default.")
@click.option(
    "--set", "values", multiple=True, metavar="NAME=VALUE", help="A variable; repeatable."
)
@click.option("--revision", metavar="ID", help="A commit, or version of a candidate, to take.")
@click.option("--follow", is_flag=True, help="Tell each stage until it ends or asks for approval.")
@as_option
@file_option
@json_option
def run_command(
    model: str,
    pipeline: str | None,
    values: tuple[str, ...],
    revision: str | None,
    follow: bool,
    person: str | None,
    file: Path,
    as_json: bool,
) -> None:
    """Start a pipeline of MODEL, as on a push."""
    given = _pairs(values)
    opened = open_model(file, model, person)
    if not as_json:
        screen.say(views.target_line(opened))
    chosen = opened.pipeline(pipeline) if pipeline else opened.pipelines[0]
    began = acts.start(opened, chosen, given, revision)
    if not as_json:
        screen.say(f"{chosen.name}  execution {began.execution} started by {opened.person}")
    waits = False
    if follow:
        with going_on(began.execution, model, file):
            waits = follower(opened, began, quiet=as_json).pause(began.execution) is not None
    if as_json:
        told = {"pipeline": chosen.name, "execution": began.execution, "by": opened.person}
        screen.emit({**told, "waits_for_approval": waits} if follow else told)
        return
    if waits:
        steps = (typed(f"model approve {model}", file), typed(f"model reject {model}", file))
    else:
        steps = (
            typed(f"model status {model}", file),
            typed(f"model logs {model} -f", file, flag="--file"),
        )
    for line in next_steps(*steps):
        screen.say(line)


@click.command("stop")
@click.argument("model")
@run_option
@click.option("--abandon", is_flag=True, help="Do not wait for what runs: leave it and go.")
@click.option(
    "-m",
    "--comment",
    default="stopped by hand",
    show_default=True,
    callback=said(_LONGEST),
    help="Why.",
)
@as_option
@file_option
@json_option
def stop_command(
    model: str,
    run: str | None,
    abandon: bool,
    comment: str,
    person: str | None,
    file: Path,
    as_json: bool,
) -> None:
    """Stop the execution of MODEL that is under way: what runs now ends, nothing follows."""
    opened = open_model(file, model, person)
    found = acts.find(opened, run) if run else acts.newest(opened, going=True)
    acts.stop(opened, found, abandon=abandon, reason=comment)
    if as_json:
        screen.emit({"pipeline": found.pipeline, "execution": found.execution, "abandon": abandon})
        return
    screen.say(views.target_line(opened))
    what = "is left at once" if abandon else "stops after what runs now"
    screen.say(f"{found.pipeline}  execution {found.execution} {what}")
    for line in next_steps(typed(f"model status {model}", file)):
        screen.say(line)


@click.command("retry")
@click.argument("model")
@run_option
@click.option("--all-actions", is_flag=True, help="All actions of the stage, not the failed alone.")
@as_option
@file_option
@json_option
def retry_command(
    model: str,
    run: str | None,
    all_actions: bool,
    person: str | None,
    file: Path,
    as_json: bool,
) -> None:
    """Run the failed stage of MODEL's newest execution again, with what it had taken in."""
    opened = open_model(file, model, person)
    found = acts.find(opened, run) if run else acts.newest(opened, going=False)
    stage = acts.retry(opened, found, everything=all_actions)
    if as_json:
        told = {"pipeline": found.pipeline, "execution": found.execution, "stage": stage}
        screen.emit(told)
        return
    screen.say(views.target_line(opened))
    screen.say(f"{found.pipeline}  {stage} of execution {found.execution} runs again")
    for line in next_steps(typed(f"model logs {model} -f", file, flag="--file")):
        screen.say(line)


def _pairs(values: tuple[str, ...]) -> dict[str, str]:
    wrong = [
        Diagnostic(f"`{value}` is not NAME=VALUE", "as in `--set Data=2`")
        for value in values
        if not value.partition("=")[1] or value.startswith("=")
    ]
    names = Counter(value.partition("=")[0] for value in values)
    wrong += [
        Diagnostic(f"`--set {name}=...` stands here twice", "say it once")
        for name, count in names.items()
        if count > 1
    ]
    if wrong:
        raise Mistakes(wrong)
    return dict(value.split("=", 1) for value in values)

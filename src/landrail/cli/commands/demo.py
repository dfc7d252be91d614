"""`landrail demo`: the example platform, from one file to a model in production."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from landrail.cli import screen
from landrail.cli.commands.apply import STOPPED
from landrail.cli.options import json_option
from landrail.cli.typed import next_steps, program, typed
from landrail.cli.views.demo import Screen, summary
from landrail.operations.demo.play import Play
from landrail.operations.demo.scene import FOLDER, set_up
from landrail.operations.turn import turn


@click.command("demo")
@click.option("--fast", is_flag=True, help="Use every fifth flight; the figures are rougher.")
@json_option
def demo_command(fast: bool, as_json: bool) -> int:
    """Build the example platform in `./landrail-demo` and take a model to production.

    An airline of two lines of business: accounts, guardrails, a data set of real flights, a model
    of late arrivals carried by the pipelines from a commit to an endpoint and a batch job, and
    then everything that must not be possible, attempted. It is left running to explore.
    """
    scene = set_up(Path.cwd())
    if scene.afresh and not as_json:
        screen.say(f"an earlier demo in ./{FOLDER} was cleared away; beginning afresh")
    try:
        with turn(scene.file, "demo"):
            report = Play(scene, Screen(quiet=as_json), fast=fast).run()
    except KeyboardInterrupt:
        screen.leave("\n".join(_left(Path(FOLDER, "landrail.yaml"))), STOPPED)
    if as_json:
        screen.emit(report.to_json())
    else:
        for line in summary(report):
            screen.say(line)
    return 0 if report.ok else 1


def _left(file: Path) -> Iterator[str]:
    yield f"stopped; what was built stays in ./{FOLDER}, and a new demo begins afresh"
    yield from next_steps(f"{program()} demo", typed("local stop", file))

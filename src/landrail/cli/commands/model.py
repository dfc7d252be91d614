"""`landrail model`: the steps of a model, which its build projects run."""

from __future__ import annotations

import os

import click

from landrail.cli import screen
from landrail.operations.model.steps import STEPS, run_step


@click.group("model")
def model_command() -> None:
    """The steps of a model; run by the pipelines, inside a build.

    Each is configured by the LANDRAIL_* variables of its build project and leaves files in `out/`
    for the next; see docs/platform.md.
    """


def _command(name: str, help: str) -> click.Command:
    def run() -> None:
        screen.say(run_step(name, os.environ))

    return click.Command(name, callback=run, help=help)


for _name, (_help, _) in STEPS.items():
    model_command.add_command(_command(_name, _help))

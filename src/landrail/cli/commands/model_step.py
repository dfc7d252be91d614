"""`landrail model step`: the steps of a model's pipelines, inside a build."""

from __future__ import annotations

import os

import click

from landrail.cli import screen
from landrail.diagnostics import Diagnostic, Mistakes, nearest
from landrail.operations.model.steps import STEPS, run_step


def _steps() -> str:
    listed = "\n".join(f"  {name:<10}{help}" for name, (help, _) in STEPS.items())
    return (
        "Do steps of a pipeline, one after the other, inside a build.\n\n"
        "Each is configured by the LANDRAIL_* variables of its build project and leaves files in "
        f"`out/` for the next; see docs/platform.md.\n\n\b\n{listed}"
    )


@click.command("step", help=_steps())
@click.argument("names", nargs=-1, required=True, metavar="STEP...")
def step_command(names: tuple[str, ...]) -> None:
    """Do steps of a pipeline, one after the other; stops at the first that cannot go on."""
    unknown = [name for name in names if name not in STEPS]
    if unknown:
        near = nearest(unknown[0], list(STEPS))
        raise Mistakes(
            [
                Diagnostic(
                    f"`{unknown[0]}` is no step of a pipeline",
                    f"did you mean `{near}`?" if near else f"steps: {', '.join(STEPS)}",
                )
            ]
        )
    for name in names:
        screen.say(run_step(name, os.environ))

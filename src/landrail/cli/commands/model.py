"""`landrail model`: a model's project, and the steps of its pipelines."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from landrail.cli import screen
from landrail.cli.options import DEFAULT_FILE, file_option, json_option
from landrail.cli.typed import next_steps
from landrail.diagnostics import Diagnostic, Mistakes, nearest
from landrail.operations.model.starting import TEMPLATES, begin
from landrail.operations.model.steps import STEPS, run_step
from landrail.operations.project import open_project
from landrail.spec.texts import NAME


@click.group("model")
def model_command() -> None:
    """A model's project, and its pipelines."""


@model_command.command("init")
@click.argument("name")
@click.option(
    "--template",
    type=click.Choice(sorted(TEMPLATES)),
    default="classification",
    show_default=True,
    help="What the model is to do.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A sample of the data, CSV or Parquet, to take the columns from.",
)
@click.option("--target", default="target", show_default=True, help="Column that is predicted.")
@click.option("--dataset", default="data", show_default=True, help="Data set of the file.")
@click.option(
    "--folder", type=click.Path(path_type=Path), help="Where to; a folder NAME by default."
)
@file_option
@json_option
def init_command(
    name: str,
    template: str,
    data: Path | None,
    target: str,
    dataset: str,
    folder: Path | None,
    file: Path,
    as_json: bool,
) -> None:
    """Write a project with its tests and make it a repository of git.

    NAME is the model's name. Where the platform's file is there, the repository knows the one that
    the platform has for it.
    """
    if not re.fullmatch(NAME, name):
        remedy = "lower-case letters, digits and dashes, like late-flights"
        raise Mistakes([Diagnostic(f"`{name}` is no name of a model", remedy)])
    remote = None
    if file.exists() or str(file) != DEFAULT_FILE:
        region = open_project(file).document.region
        remote = f"https://git-codecommit.{region}.amazonaws.com/v1/repos/{name}"
    begun = begin(
        name,
        template,
        folder or Path(name),
        dataset=dataset,
        data=data,
        target=target,
        remote=remote,
    )
    if as_json:
        told = {"folder": str(begun.folder), "files": begun.files, "entry": begun.entry}
        screen.emit({**told, "remote": remote})
        return
    screen.say(f"wrote {begun.folder}: {len(begun.files)} files, one commit on main")
    screen.say("in the platform's file, below `models:`")
    screen.say(f"  {begun.entry}")
    for line in next_steps(
        f"cd {begun.folder} && PYTHONPATH=src python -m unittest discover -s tests"
    ):
        screen.say(line)


def _steps() -> str:
    listed = "\n".join(f"  {name:<10}{help}" for name, (help, _) in STEPS.items())
    return (
        "Do steps of a pipeline, one after the other, inside a build.\n\n"
        "Each is configured by the LANDRAIL_* variables of its build project and leaves files in "
        f"`out/` for the next; see docs/platform.md.\n\n\b\n{listed}"
    )


@model_command.command("step", help=_steps())
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

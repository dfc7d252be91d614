"""`landrail model init`: a model's project to start from."""

from __future__ import annotations

import re
from pathlib import Path

import click

from landrail.cli import screen
from landrail.cli.options import DEFAULT_FILE, file_option, json_option
from landrail.cli.typed import next_steps
from landrail.diagnostics import Diagnostic, Mistakes
from landrail.operations.model.starting import TEMPLATES, Place, begin, place_of
from landrail.operations.project import open_project
from landrail.spec.texts import NAME

_LONGEST = 64  # characters of a name of the file


@click.command("init")
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
    wrong = [
        Diagnostic(
            f"`{given}` is no name of a {what}",
            f"lower-case letters, digits and dashes, at most {_LONGEST}, like late-flights",
        )
        for what, given in (("model", name), ("data set", dataset))
        if not re.fullmatch(NAME, given) or len(given) > _LONGEST
    ]
    if wrong:
        raise Mistakes(wrong)
    place = Place()
    if file.exists() or str(file) != DEFAULT_FILE:
        place = place_of(open_project(file).document, name)
    begun = begin(
        name,
        template,
        folder or Path(name),
        place,
        dataset=dataset,
        data=data,
        target=target,
    )
    if as_json:
        told = {"folder": str(begun.folder), "files": begun.files, "entry": begun.entry}
        screen.emit({**told, "remote": place.remote, "branch": place.branch})
        return
    screen.say(f"wrote {begun.folder}: {len(begun.files)} files, one commit on {place.branch}")
    screen.say("in the platform's file, below `models:`")
    screen.say(f"  {begun.entry}")
    for line in next_steps(
        f"cd {begun.folder} && PYTHONPATH=src python -m unittest discover -s tests"
    ):
        screen.say(line)

"""`landrail explain`: why was that denied?"""

from __future__ import annotations

from pathlib import Path

import click

from landrail.cli import screen
from landrail.cli.options import file_option, json_option
from landrail.cli.views.explain import explain_data, explain_lines
from landrail.operations.explain import explain, explain_last


@click.command("explain")
@file_option
@click.argument("event", metavar="[EVENT_ID]", required=False)
@click.option("--last", is_flag=True, help="Explain the latest denial.")
@json_option
def explain_command(file: Path, event: str | None, last: bool, as_json: bool) -> None:
    """Explain a decision of the local AWS by its event id.

    The id stands at the end of a denial, like [explain: e-7f3a01c2d4e5]; its first few characters
    are enough.
    """
    if last == (event is not None):
        raise click.UsageError("Give the id of an event, or --last.")
    explained = explain(file, event) if event is not None else explain_last(file)
    if as_json:
        screen.emit(explain_data(explained))
        return
    screen.say(f"target  local (.landrail, {explained.server.address})")
    for line in explain_lines(explained):
        screen.say(line)

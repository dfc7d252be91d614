"""`landrail explain`: why was that denied?"""

from __future__ import annotations

from pathlib import Path

import click

from landrail.cli import screen
from landrail.cli.options import file_option, json_option
from landrail.cli.views.explain import explain_data, explain_lines
from landrail.operations.explain import explain


@click.command("explain")
@file_option
@click.argument("event", metavar="EVENT_ID")
@json_option
def explain_command(file: Path, event: str, as_json: bool) -> None:
    """Explain a decision of the local AWS by its event id.

    The id stands at the end of a denial, like [explain: e-7f3a01c2d4e5].
    """
    explained = explain(file, event)
    if as_json:
        screen.emit(explain_data(explained))
        return
    screen.say(f"target  local (.landrail, {explained.server.address})")
    for line in explain_lines(explained):
        screen.say(line)

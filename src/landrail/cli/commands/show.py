"""`landrail show`: what stands."""

from __future__ import annotations

from pathlib import Path

import click

from landrail.cli import screen
from landrail.cli.options import file_option, json_option
from landrail.cli.typed import next_steps, typed
from landrail.cli.views.show import show_data, show_lines
from landrail.cli.views.target import target_data, target_line
from landrail.operations.show import show


@click.command("show")
@file_option
@json_option
def show_command(file: Path, as_json: bool) -> None:
    """Show what stands: accounts, roles, guardrails, models. Changes nothing."""
    shown = show(file, lambda p, t: None if as_json else screen.say(target_line(p, t)))
    if as_json:
        screen.emit({"target": target_data(shown.project, shown.target), **show_data(shown)})
        return
    for line in show_lines(shown):
        screen.say(line)
    screen.say()
    for line in next_steps(typed("as WHO@ACCOUNT", file, "aws s3 ls"), typed("plan", file)):
        screen.say(line)

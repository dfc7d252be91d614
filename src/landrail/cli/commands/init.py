"""`landrail init`: a file to start from."""

from __future__ import annotations

from pathlib import Path

import click

from landrail.cli import screen
from landrail.cli.options import file_option, json_option
from landrail.cli.typed import next_steps, typed
from landrail.operations.init import DEFAULT_QUOTA, init


@click.command("init")
@file_option
@click.option("--platform", default="acme-ml", show_default=True, help="Name of the platform.")
@json_option
def init_command(file: Path, platform: str, as_json: bool) -> None:
    """Write a commented file to start from."""
    started = init(file, platform)
    if as_json:
        screen.emit({"file": str(started.path), "accounts": started.accounts})
        return
    count = len(started.accounts)
    screen.say(f"wrote {started.path}: {count} accounts (AWS's default quota is {DEFAULT_QUOTA})")
    for line in screen.folded(", ".join(started.accounts), "  "):
        screen.say(line)
    for line in next_steps(typed("check", file), typed("plan", file)):
        screen.say(line)

"""`landrail version`."""

from __future__ import annotations

import platform

import click

from landrail import __version__
from landrail.cli import screen
from landrail.cli.options import json_option


@click.command("version")
@json_option
def version_command(as_json: bool) -> None:
    """Print the version."""
    if as_json:
        screen.emit({"landrail": __version__, "python": platform.python_version()})
    else:
        screen.say(f"landrail {__version__} (Python {platform.python_version()})")

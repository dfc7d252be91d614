"""`landrail schema`: for editors that complete and check YAML."""

from __future__ import annotations

import click

from landrail.cli import screen
from landrail.operations.schema import schema


@click.command("schema")
@click.option("--json", "_as_json", is_flag=True, help="The output is JSON in any case.")
def schema_command(_as_json: bool) -> None:
    """Print the JSON Schema of the file."""
    screen.emit(schema())

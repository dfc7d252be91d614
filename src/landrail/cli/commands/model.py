"""`landrail model`: a model's project, and its pipelines. A command is imported when it is run: the
steps are run many times a release, and each start counts."""

from __future__ import annotations

import click

from landrail.cli.catalogue import MODEL_COMMANDS
from landrail.cli.lazy import LazyGroup


@click.group("model", cls=LazyGroup, entries=MODEL_COMMANDS)
def model_command() -> None:
    """A model's project; run its pipelines, approve, roll back."""

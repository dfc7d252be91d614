"""`landrail check`: is the file right?"""

from __future__ import annotations

from pathlib import Path

import click

from landrail.cli import screen
from landrail.cli.options import file_option, json_option
from landrail.cli.typed import next_steps, typed
from landrail.cli.views.mistakes import as_data, mistake_lines
from landrail.diagnostics import counted
from landrail.operations.check import Checked, check


@click.command("check")
@file_option
@json_option
def check_command(file: Path, as_json: bool) -> None:
    """Check the file: keys, references, names and quotas. Needs no AWS and no network."""
    checked = check(file)
    if as_json:
        screen.emit(
            {
                "ok": True,
                "file": str(file),
                "sha256": checked.project.digest,
                "accounts": checked.accounts,
                "stacks": checked.stacks,
                "resources": checked.resources,
                "policies": checked.policies,
                "diagnostics": as_data(checked.warnings),
            }
        )
        return
    for line in mistake_lines(checked.warnings):
        screen.say(line)
    screen.say(f"{screen.green('right:')} {file} makes {_summary(checked)}")
    for line in next_steps(typed("plan", file)):
        screen.say(line)


def _summary(checked: Checked) -> str:
    counts = (
        (len(checked.accounts), "account"),
        (checked.stacks, "stack"),
        (checked.resources, "resource"),
        (len(checked.project.document.models), "model"),
    )
    return ", ".join(counted(number, word) for number, word in counts)

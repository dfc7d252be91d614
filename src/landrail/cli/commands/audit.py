"""`landrail audit`: what in the accounts does not hold to the guardrails."""

from __future__ import annotations

from pathlib import Path

import click

from landrail.cli import screen
from landrail.cli.options import file_option
from landrail.cli.views.audit.table import table_lines
from landrail.cli.views.target import target_line
from landrail.operations.audit.finding import at_least
from landrail.operations.audit.run import Asked, Audit, Told, audit

FOUND = 1


@click.command("audit")
@file_option
@click.option("--account", "accounts", multiple=True, metavar="NAME", help="Only this account.")
@click.option("--guardrail", "guardrails", multiple=True, metavar="ID", help="Only this guardrail.")
@click.option(
    "--fail-on",
    type=click.Choice(["critical", "high", "medium", "low", "none"]),
    default="low",
    show_default=True,
    help="End with 1 where something this bad, or worse, is found.",
)
@click.option("--parallel", type=click.IntRange(1, 64), help="Accounts and tables read at a time.")
def audit_command(
    file: Path,
    accounts: tuple[str, ...],
    guardrails: tuple[str, ...],
    fail_on: str,
    parallel: int | None,
) -> int:
    """Look into every account for what does not hold to the guardrails."""
    asked = Asked(accounts, guardrails, parallel)
    told = Told(opened=lambda p, t: screen.say(target_line(p, t)))
    made = audit(file, asked, told)
    for line in table_lines(made):
        screen.say(line)
    return exit_code(made, fail_on)


def exit_code(made: Audit, fail_on: str) -> int:
    """Return 1 where a finding that counts is as bad as `fail_on` or worse."""
    bad = [f for f in made.open if fail_on != "none" and at_least(f.severity, fail_on)]
    return FOUND if bad else 0

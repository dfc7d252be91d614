"""`landrail audit`: what in the accounts does not hold to the guardrails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from landrail.cli import screen
from landrail.cli.options import file_option, json_option
from landrail.cli.views.audit.asff import audit_asff
from landrail.cli.views.audit.data import audit_csv, audit_data
from landrail.cli.views.audit.junit import audit_junit
from landrail.cli.views.audit.ocsf import audit_ocsf
from landrail.cli.views.audit.page import audit_page
from landrail.cli.views.audit.progress import following
from landrail.cli.views.audit.sarif import audit_sarif
from landrail.cli.views.audit.table import table_lines
from landrail.diagnostics import Failure
from landrail.operations.audit.finding import SEVERITIES, at_least
from landrail.operations.audit.run import Asked, Audit, audit

FOUND = 1
NEVER = "none"
_DATA: dict[str, Callable[[Audit], Any]] = {
    "json": audit_data,
    "ocsf": audit_ocsf,
    "asff": audit_asff,
    "sarif": audit_sarif,
}
_TEXT: dict[str, Callable[[Audit], str]] = {"csv": audit_csv, "junit": audit_junit}
_TABLE = "table"


@click.command("audit")
@file_option
@json_option
@click.option("--account", "accounts", multiple=True, metavar="NAME", help="Only this account.")
@click.option("--guardrail", "guardrails", multiple=True, metavar="ID", help="Only this guardrail.")
@click.option(
    "--format",
    "form",
    type=click.Choice([_TABLE, *_DATA, *_TEXT]),
    default=_TABLE,
    show_default=True,
    help="What to print.",
)
@click.option(
    "--html", type=click.Path(path_type=Path), metavar="FILE", help="Write a page with all of it."
)
@click.option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, NEVER]),
    default="low",
    show_default=True,
    help="End with 1 where something this bad, or worse, is found.",
)
@click.option("--all", "every", is_flag=True, help="List every finding of a guardrail.")
@click.option("--parallel", type=click.IntRange(1, 64), help="Items that are read at a time.")
def audit_command(
    file: Path,
    as_json: bool,
    accounts: tuple[str, ...],
    guardrails: tuple[str, ...],
    form: str,
    html: Path | None,
    fail_on: str,
    every: bool,
    parallel: int | None,
) -> int:
    """Look into every account for what does not hold to the guardrails."""
    form = "json" if as_json else form
    with following(quiet=form != _TABLE) as told:
        made = audit(file, Asked(accounts, guardrails, parallel), told)
    if html is not None:
        write(html, audit_page(made))
    show(made, form, every=every)
    return exit_code(made, fail_on)


def show(made: Audit, form: str, *, every: bool) -> None:
    """Print an audit in one of the formats."""
    if form in _DATA:
        screen.emit(_DATA[form](made))
    elif form in _TEXT:
        click.echo(_TEXT[form](made), nl=False)
    else:
        for line in table_lines(made, every=every):
            screen.say(line)


def write(path: Path, text: str) -> None:
    """Write a report; raises Failure."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Failure(f"the report cannot be written to `{path}`: {error.strerror}") from error


def exit_code(made: Audit, fail_on: str) -> int:
    """Return 1 where a finding that counts is as bad as `fail_on`, or worse."""
    bad = fail_on != NEVER and any(at_least(f.severity, fail_on) for f in made.open)
    return FOUND if bad else 0

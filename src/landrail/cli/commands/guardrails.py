"""`landrail guardrails`: the catalogue, one guardrail, what each reaches, and what templates have
against them."""

from __future__ import annotations

from pathlib import Path

import click

from landrail.cli import screen
from landrail.cli.options import file_option, json_option
from landrail.cli.views import guardrails as views
from landrail.cli.views import monitoring
from landrail.cli.views.mistakes import as_data, mistake_lines
from landrail.cli.views.target import target_line
from landrail.diagnostics import Severity
from landrail.operations import guardrails as operations
from landrail.operations.monitoring.run import MOST_DAYS, monitor
from landrail.operations.template_files import check_files

FAILED = 1
_PATH = click.Path(path_type=Path)


@click.group("guardrails")
def guardrails_command() -> None:
    """List guardrails, show one, and what each reaches."""


@guardrails_command.command("list")
@click.option("--recommended", is_flag=True, help="Only those of the set `recommended`.")
@click.option("--kind", metavar="KIND", help="Only those for this kind of account, or `root`.")
@json_option
def list_command(recommended: bool, kind: str | None, as_json: bool) -> None:
    """List the guardrails that a file can name."""
    every = operations.catalogue(recommended=recommended, kind=kind)
    if as_json:
        screen.emit(views.list_data(every))
        return
    for line in views.list_lines(every):
        screen.say(line)


@guardrails_command.command("show")
@click.argument("guardrail", metavar="ID")
@file_option
@json_option
def show_command(guardrail: str, file: Path, as_json: bool) -> None:
    """Show one guardrail: what it holds and why, its forms, statements and actions."""
    shown = operations.shown(guardrail, file)
    if as_json:
        screen.emit(views.show_data(shown))
        return
    for line in views.show_lines(shown):
        screen.say(line)


@guardrails_command.command("coverage")
@click.argument("guardrails", metavar="[ID]...", nargs=-1)
@file_option
@json_option
def coverage_command(guardrails: tuple[str, ...], file: Path, as_json: bool) -> None:
    """Show which actions each guardrail denies, which carry its condition key, and which its key
    cannot hold and why. Derived from AWS's service-authorization data."""
    every = operations.covered(guardrails, file)
    if as_json:
        screen.emit(views.coverage_data(every))
        return
    for line in views.coverage_lines(every):
        screen.say(line)


@guardrails_command.command("check")
@click.argument("templates", metavar="TEMPLATE...", type=_PATH, nargs=-1, required=True)
@click.option("--account", "accounts", multiple=True, metavar="NAME", help="Only for this account.")
@file_option
@json_option
def check_command(
    templates: tuple[Path, ...], accounts: tuple[str, ...], file: Path, as_json: bool
) -> int:
    """Check CloudFormation templates of your own, JSON or YAML, against the guardrails in force
    in the file's accounts, before you deploy them."""
    found = check_files(file, templates, accounts)
    refused = any(one.severity is Severity.ERROR for one in found)
    if as_json:
        screen.emit({"ok": not refused, "diagnostics": as_data(found)})
    else:
        for line in mistake_lines(found):
            screen.say(line)
        if not found:
            screen.say(f"{screen.green('right:')} no guardrail has anything against it")
    return FAILED if refused else 0


@guardrails_command.command("monitor")
@click.argument("guardrails", metavar="[ID]...", nargs=-1)
@click.option(
    "--days", type=click.IntRange(1, MOST_DAYS), default=7, show_default=True, help="How far back."
)
@file_option
@json_option
def monitor_command(guardrails: tuple[str, ...], days: int, file: Path, as_json: bool) -> None:
    """Tell what guardrails in `monitor` would have denied, from the event history of the accounts
    where they are: which calls, by whom, and what cannot be told."""

    told = monitor(
        file,
        guardrails,
        days=days,
        opened=lambda p, t: None if as_json else screen.say(target_line(p, t)),
    )
    if as_json:
        screen.emit(monitoring.monitoring_data(told))
        return
    for line in monitoring.monitoring_lines(told):
        screen.say(line)

"""`landrail audit`: what in the accounts does not hold to the guardrails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from landrail.cli import screen
from landrail.cli.commands.apply import ask
from landrail.cli.options import file_option, json_option
from landrail.cli.views.audit.asff import audit_asff
from landrail.cli.views.audit.data import audit_csv, audit_data
from landrail.cli.views.audit.fixes import done_data, done_lines, plan_data, plan_lines
from landrail.cli.views.audit.junit import audit_junit
from landrail.cli.views.audit.ocsf import audit_ocsf
from landrail.cli.views.audit.page import audit_page
from landrail.cli.views.audit.progress import following
from landrail.cli.views.audit.sarif import audit_sarif
from landrail.cli.views.audit.table import table_lines
from landrail.diagnostics import Failure
from landrail.guardrails import guardrails as catalogue
from landrail.operations.audit.acting import by_break_glass, by_platform
from landrail.operations.audit.athena import emit as sql_for_athena
from landrail.operations.audit.finding import SEVERITIES, Finding, at_least
from landrail.operations.audit.fixing import Done, perform_fixes, plan_fixes
from landrail.operations.audit.run import audit, open_scope
from landrail.operations.audit.storing import AUDITS
from landrail.operations.audit.values import Asked, Audit
from landrail.operations.turn import turn
from landrail.rules.catalogue import fixes

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
    "--region",
    "regions",
    multiple=True,
    metavar="REGION",
    help="This region too, beside the platform's own.",
)
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
@click.option("--strict", is_flag=True, help="End with 1 too where a table was not looked at.")
@click.option("--all", "every", is_flag=True, help="List every finding of a guardrail.")
@click.option("--as", "person", metavar="PERSON", help="Audit as this auditor (local AWS).")
@click.option("--fix", is_flag=True, help="Put right what is safe to, after asking.")
@click.option("--dry-run", is_flag=True, help="With --fix: show the calls and make none.")
@click.option("--auto-approve", is_flag=True, help="With --fix: do not ask.")
@click.option(
    "--break-glass",
    "breaker",
    metavar="PERSON",
    help="With --fix: make the changes as break-glass, not as the platform (local AWS).",
)
@click.option(
    "--from",
    "source",
    metavar="SOURCE",
    help="Take what Config recorded: `aggregator`, or a folder of its snapshots.",
)
@click.option("--complete", is_flag=True, help="Read what no guardrail asks about too.")
@click.option(
    "--emit", type=click.Choice(["athena"]), help="Print the rules as SQL, and audit nothing."
)
@click.option(
    "--location",
    metavar="S3-URL",
    help="With --emit: where the inventory was copied to.",
)
@click.option("--parallel", type=click.IntRange(1, 64), help="Items that are read at a time.")
def audit_command(
    file: Path,
    as_json: bool,
    accounts: tuple[str, ...],
    guardrails: tuple[str, ...],
    regions: tuple[str, ...],
    form: str,
    html: Path | None,
    fail_on: str,
    strict: bool,
    every: bool,
    person: str | None,
    fix: bool,
    dry_run: bool,
    auto_approve: bool,
    breaker: str | None,
    source: str | None,
    complete: bool,
    emit: str | None,
    location: str | None,
    parallel: int | None,
) -> int:
    """Look into every account for what does not hold to the guardrails.

    Ends with 1 where something as bad as --fail-on, or worse, is found and not waived.
    """
    form = "json" if as_json else form
    _check_options(form, fix, dry_run=dry_run, auto_approve=auto_approve, breaker=breaker)
    asked = Asked(accounts, guardrails, parallel, person, complete, source, regions)
    if emit is not None:
        return _emit(file, asked, location)
    with turn(file, "audit --fix") if fix else nullcontext():
        with following(quiet=form != _TABLE) as told:
            made = audit(file, asked, told)
        if html is not None:
            write(html, audit_page(made))
        if not fix:
            show(made, form, every=every)
            if form == _TABLE:
                screen.say(f"next:  {_next(made)}")
            return FOUND if strict and made.unread else exit_code(made.open, fail_on)
        if form == _TABLE:
            show(made, form, every=every)
        asking = not (dry_run or auto_approve)
        done = repair(made, breaker, asking=asking, dry_run=dry_run, quiet=form != _TABLE)
    repaired = {one.step.finding.key for one in done if one.repaired}
    if strict and made.unread:
        return FOUND
    return exit_code((f for f in made.open if f.key not in repaired), fail_on)


def _next(made: Audit) -> str:
    """Return the command that is the most use after an audit."""
    if any(finding.rule in fixes() for finding in made.open):
        return "landrail audit --fix --dry-run"
    first = next((finding.guardrail for finding in made.open), None)
    return f"landrail guardrails show {first}" if first in catalogue() else "landrail show"


def repair(
    made: Audit, breaker: str | None, *, asking: bool, dry_run: bool, quiet: bool
) -> tuple[Done, ...]:
    """Plan what can be put right, ask, do it, and tell how it went; `quiet` prints JSON alone."""
    actor = by_break_glass(made, breaker) if breaker else by_platform(made)
    steps = plan_fixes(made)
    if not quiet:
        name = f"break-glass ({breaker})" if breaker else "the platform role of each account"
        for line in plan_lines(steps, name):
            screen.say(line)
    doing = [step for step in steps if step.does_something]
    if doing and asking:
        ask("make these calls?", "audit --fix")
    done = perform_fixes(made, doing, actor) if doing and not dry_run else ()
    if quiet:
        data = {**audit_data(made), "plan": plan_data(steps), "fixes": done_data(done)}
        screen.emit(data)
    elif done:
        for line in done_lines(done):
            screen.say(line)
    return done


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


def exit_code(findings: Iterable[Finding], fail_on: str) -> int:
    """Return 1 where a finding that counts is as bad as `fail_on`, or worse."""
    bad = fail_on != NEVER and any(at_least(f.severity, fail_on) for f in findings)
    return FOUND if bad else 0


def _emit(file: Path, asked: Asked, location: str | None) -> int:
    """Print the SQL for Athena, the tables first."""
    opened = open_scope(file, asked)
    place = location or f"s3://{opened.project.document.platform}-inventory/audit"
    made = sql_for_athena(opened.scope, place)
    copied = f"{opened.project.state / AUDITS}/TIME"
    screen.say(f"-- the inventory lies in {copied}; copy it first:")
    screen.say(f"-- aws s3 cp --recursive {copied} {place}")
    for statement in (*made.tables, *made.queries):
        screen.say(f"\n{statement};")
    return 0


def _check_options(form: str, fix: bool, **needing: Any) -> None:
    """Refuse options that mean nothing together, before anything is read."""
    for name, given in needing.items():
        if given and not fix:
            option = "break-glass" if name == "breaker" else name.replace("_", "-")
            raise click.UsageError(f"--{option} goes with --fix")
    if fix and form not in (_TABLE, "json"):
        raise click.UsageError("--fix prints a table or JSON")

"""`landrail policy`: decide requests by any policies, and check policies, without a platform."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast

import click

from landrail.cli import screen
from landrail.cli.options import json_option
from landrail.operations.policy import KINDS, evaluate, read_policies
from landrail.policy.document import DocumentKind

FAILED = 1
_LEVELS = ("error", "security", "warning", "suggestion")


@click.group("policy")
def policy_command() -> None:
    """Decide requests by any policies, and check policies."""


@policy_command.command("evaluate")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Exit with 1 where a line cannot be decided.")
@click.option("--json", is_flag=True, expose_value=False, help="Print JSON, mistakes too.")
def evaluate_command(file: Path, strict: bool) -> int:
    """Decide each line of FILE, or of the standard input (-).

    A line is a JSON object: a request with all policies in force. The answers come in the same
    order, one line each; a line that is wrong is answered with its error, and the rest goes on.
    """
    wrong = False
    output = sys.stdout.buffer
    for line, decided in evaluate(file):
        output.write(line)
        output.flush()
        wrong = wrong or not decided
    return FAILED if strict and wrong else 0


@policy_command.command("lint")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    help="What the policies are for; guessed from name and content where it is left out.",
)
@click.option(
    "--fail-on",
    type=click.Choice(_LEVELS),
    default="warning",
    show_default=True,
    help="Exit with 1 where a finding is as bad as this, or worse.",
)
@json_option
def lint_command(files: tuple[Path, ...], kind: str | None, fail_on: str, as_json: bool) -> int:
    """Check policies: what AWS refuses, and what misleads.

    FILES hold one policy each, as JSON; - is the standard input.
    """
    # Loaded late: it brings the checks, which `policy evaluate` does not need.
    from landrail.cli.views.lint import lint_data, lint_lines
    from landrail.policy.lint import Level, lint

    wanted = cast("DocumentKind | None", kind)
    checked = [(one, lint(one.text, one.kind)) for one in read_policies(files, wanted)]
    worst = min((f.lint.level.rank for _, found in checked for f in found), default=len(_LEVELS))
    failed = worst <= Level(fail_on).rank
    if as_json:
        screen.emit(lint_data(checked, ok=not failed))
    else:
        for line in lint_lines(checked):
            screen.say(line)
    return FAILED if failed else 0

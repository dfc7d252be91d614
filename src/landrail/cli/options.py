"""Options that many commands share, and how a command finds the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

DEFAULT_FILE = "landrail.yaml"
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _chosen(ctx: click.Context, _: click.Parameter, value: Path | None) -> Path:
    """Take the file named after the command, or before it, or the default."""
    if value is not None:
        return value
    before = ctx.find_root().params.get("file")
    return before if isinstance(before, Path) else Path(DEFAULT_FILE)


def file_option(command: _Command) -> _Command:
    """Add `-f/--file`, handed to the command as `file`."""
    return _file("-f", "--file")(command)


def long_file_option(command: _Command) -> _Command:
    """Add `--file` alone, where `-f` means something else."""
    return _file("--file")(command)


def _file(*names: str) -> Callable[[_Command], _Command]:
    return click.option(
        *names,
        type=click.Path(path_type=Path),
        callback=_chosen,
        help=f"The platform's file; {DEFAULT_FILE} of the current folder by default.",
    )


def as_option(command: _Command) -> _Command:
    """Add `--as`, handed to the command as `person`."""
    return click.option(
        "--as",
        "person",
        metavar="PERSON",
        help="Act as this member of the team, on the local AWS; its first MLOps engineer by "
        "default.",
    )(command)


def run_option(command: _Command) -> _Command:
    """Add `--run`, handed to the command as `run`."""
    return click.option(
        "--run",
        metavar="ID",
        help="The execution, by its id or the first characters of it.",
    )(command)


def said(ctx: click.Context, option: click.Parameter, value: str) -> str:
    """Take a text that says something."""
    if not value.strip():
        raise click.BadParameter("it says nothing; write why", ctx, option)
    return value


def network_option(command: _Command) -> _Command:
    """Add `--network`, handed to the command as `network`."""
    return click.option(
        "--network",
        metavar="ACCOUNT",
        help="Be on a machine in this account's VPC (ACCOUNT/VPC or ACCOUNT/SUBNET where it has "
        "several); without it, on the internet.",
    )(command)


def permission_set_option(command: _Command) -> _Command:
    """Add `--permission-set`, handed to the command as `permission_set`."""
    return click.option(
        "--permission-set",
        metavar="NAME",
        help="Enter the role that this permission set of Identity Center has in the account; "
        "WHO is one of its users.",
    )(command)


def json_option(command: _Command) -> _Command:
    """Add `--json`, handed to the command as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)

"""Options that many commands share, and how a command finds the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

DEFAULT_FILE = "landrail.yaml"


def _chosen(ctx: click.Context, _: click.Parameter, value: Path | None) -> Path:
    """Take the file named after the command, or before it, or the default."""
    if value is not None:
        return value
    before = ctx.find_root().params.get("file")
    return before if isinstance(before, Path) else Path(DEFAULT_FILE)


def said(longest: int, *, least: int = 0) -> Callable[[click.Context, click.Parameter, str], str]:
    """Return what takes a text of so many characters, without blanks around it."""

    def take(ctx: click.Context, option: click.Parameter, value: str) -> str:
        text = value.strip()
        if len(text) < least:
            raise click.BadParameter("it says nothing; write why", ctx, option)
        if len(text) > longest:
            raise click.BadParameter(f"{len(text)} characters; AWS takes {longest}", ctx, option)
        return text

    return take


_FILE: dict[str, Any] = {
    "type": click.Path(path_type=Path),
    "callback": _chosen,
    "help": f"The platform's file; {DEFAULT_FILE} of the current folder by default.",
}
file_option = click.option("-f", "--file", **_FILE)
"""`-f/--file`, handed to the command as `file`."""
long_file_option = click.option("--file", **_FILE)
"""`--file` alone, where `-f` means something else."""
as_option = click.option(
    "--as",
    "person",
    metavar="PERSON",
    help="Act as this member of the team, on the local AWS; its first MLOps engineer by default.",
)
run_option = click.option(
    "--run", metavar="ID", help="The execution, by its id or the first characters of it."
)
network_option = click.option(
    "--network",
    metavar="ACCOUNT",
    help="Be on a machine in this account's VPC (ACCOUNT/VPC or ACCOUNT/SUBNET where it has "
    "several); without it, on the internet.",
)
permission_set_option = click.option(
    "--permission-set",
    metavar="NAME",
    help="Enter the role that this permission set of Identity Center has in the account; WHO is "
    "one of its users.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")

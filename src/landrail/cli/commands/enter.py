"""`landrail as` and `landrail shell`: do things as a person of the file."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from landrail.cli import screen
from landrail.cli.options import file_option, network_option, permission_set_option
from landrail.diagnostics import Failure, nearest
from landrail.operations.enter import Entered, enter

_RC = """\
[ -f ~/.bashrc ] && . ~/.bashrc
PATH="$LANDRAIL_PATH"
PS1='[$LANDRAIL_WHO] \\w \\$ '
"""


@click.command("as", context_settings={"ignore_unknown_options": True})
@file_option
@network_option
@permission_set_option
@click.argument("who", metavar="WHO@ACCOUNT")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND...")
def as_command(
    file: Path,
    network: str | None,
    permission_set: str | None,
    who: str,
    command: tuple[str, ...],
) -> None:
    """Run one command as WHO@ACCOUNT on the local AWS.

    WHO is a person of the file, a role, or PERSON/ROLE. The command gets credentials, endpoint and
    git set; its exit code is passed on.

      landrail as ana@retail-data-science -- aws s3 ls
    """
    if command[0].startswith("-"):
        context = click.get_current_context()
        known = [option for one in context.command.params for option in one.opts]
        near = nearest(command[0], [option for option in known if option.startswith("--")])
        raise click.NoSuchOption(command[0], possibilities=[near] if near else None, ctx=context)
    entered = enter(file, who, network, permission_set=permission_set)
    screen.say(screen.faint(_told(entered)), err=True)
    _become(command, entered.child())


@click.command("shell")
@file_option
@network_option
@permission_set_option
@click.argument("who", metavar="WHO@ACCOUNT")
def shell_command(file: Path, network: str | None, permission_set: str | None, who: str) -> None:
    """Open a shell as WHO@ACCOUNT on the local AWS; `exit` ends it."""
    entered = enter(file, who, network, permission_set=permission_set)
    environment = entered.child()
    screen.say(screen.faint(_told(entered)), err=True)
    shell = os.environ.get("SHELL", "")
    if not sys.stdin.isatty():
        _become((shell or "sh",), environment)  # a script, which wants no prompt
    if Path(shell).name in ("", "bash") and shutil.which("bash"):
        rc = entered.project.state / "shell.rc"
        rc.write_text(_RC, encoding="utf-8")
        environment["LANDRAIL_PATH"] = environment["PATH"]
        _become(("bash", "--rcfile", str(rc), "-i"), environment)
    environment["PS1"] = f"[{entered.name}] $ "
    _become((shell or "sh", "-i"), environment)


def _told(entered: Entered) -> str:
    way = entered.session.entry.way
    person = entered.session.entry.person
    role = f"{person} as {way.role} of {way.account} ({entered.session.account_id})"
    if entered.place is not None:
        role += f", in the network of {entered.place.account}"
    line = f"target  {entered.target}   {role}"
    if len(line) <= screen.width():
        return line
    return "\n".join((f"target  {entered.target}", *screen.folded(role, " " * 8)))


def _become(command: Sequence[str], environment: dict[str, str]) -> None:
    """Replace this process, so that signals and the exit code are the command's own."""
    program = shutil.which(command[0], path=environment["PATH"])
    if program is None:
        remedy = "it comes with the `dev` extra" if command[0] == "aws" else None
        raise Failure(f"there is no program `{command[0]}`", remedy)
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        os.execve(program, list(command), environment)
    except OSError as error:
        remedy = "a script begins with #! and its interpreter"
        raise Failure(
            f"`{command[0]}` cannot be run: {error.strerror}",
            remedy if error.errno == errno.ENOEXEC else None,
        ) from error

"""`landrail local`: the local AWS of a folder."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import asdict
from pathlib import Path

import click

from landrail.cli import screen
from landrail.cli.options import (
    file_option,
    json_option,
    network_option,
    permission_set_option,
)
from landrail.cli.typed import next_steps, typed
from landrail.diagnostics import Failure
from landrail.operations.connections import choose, forget, known
from landrail.operations.local import Status, reset, start, status, stop
from landrail.operations.project import STATE
from landrail.operations.turn import check_free


@click.group("local")
def local_command() -> None:
    """Start, stop and look after the local AWS of the file's folder."""


@local_command.command("start")
@file_option
@json_option
def start_command(file: Path, as_json: bool) -> None:
    """Start the local AWS; does nothing where it runs."""
    state = _state(file)
    start(state)
    _show(status(state), as_json, file)


@local_command.command("stop")
@file_option
@json_option
def stop_command(file: Path, as_json: bool) -> None:
    """Stop the local AWS; what it holds stays."""
    check_free(_state(file))
    stopped = stop(_state(file))
    if as_json:
        screen.emit({"stopped": stopped})
    else:
        screen.say("stopped; what it holds is kept" if stopped else "it was not running")
        for line in next_steps(typed("local start", file)):
            screen.say(line)


@local_command.command("status")
@file_option
@json_option
def status_command(file: Path, as_json: bool) -> None:
    """Tell whether the local AWS runs and where.

    Also how its jobs are isolated.
    """
    _show(status(_state(file)), as_json, file)


@local_command.command("reset")
@file_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def reset_command(file: Path, yes: bool, as_json: bool) -> None:
    """Stop the local AWS and delete everything in it."""
    state = _state(file)
    check_free(state)
    if not yes and state.exists():
        if not sys.stdin.isatty():
            raise Failure(
                "this deletes the whole local AWS and nobody is there to ask", "add --yes"
            )
        click.confirm(f"delete the local AWS in {state}?", abort=True, err=True)
    done = reset(state)
    if as_json:
        screen.emit({"deleted": done})
    else:
        screen.say(f"deleted {state}" if done else "there was nothing to delete")


@local_command.command("control-tower")
@file_option
@click.option(
    "--version",
    "version",
    type=click.Choice(("3.3", "4.0")),
    default="3.3",
    help="Version of the landing zone.",
)
@click.option(
    "--without",
    multiple=True,
    type=click.Choice(("logging", "config")),
    help="Leave out an integration, from 4.0 on; may be repeated.",
)
@json_option
def control_tower_command(
    file: Path, version: str, without: tuple[str, ...], as_json: bool
) -> None:
    """Set up a landing zone to try.

    For `control_tower: existing`. It makes the organization, a log archive and an audit account;
    nothing where one stands.
    """
    # Loaded late: it imports botocore, and `landrail local status` should not.
    from landrail.operations.tower import set_up

    found = set_up(file, version, without)
    if as_json:
        screen.emit(asdict(found))
        return
    screen.say(f"landing zone {found.version} {'is set up' if found.made else 'stands already'}")
    rows = [
        ("ARN", found.arn),
        ("log archive", found.log_archive or "none"),
        ("audit", found.audit or "none"),
    ]
    for line in (*screen.table(rows), *next_steps(typed("plan", file))):
        screen.say(line)


@local_command.command("connection")
@file_option
@click.argument("connection", required=False)
@click.argument("remote", required=False)
@click.option("--remove", is_flag=True, help="Let it lead nowhere again.")
@json_option
def connection_command(
    file: Path, connection: str | None, remote: str | None, remove: bool, as_json: bool
) -> None:
    """Say which git remote a connection leads to.

    CONNECTION is its ARN or name, or `*` for all others; REMOTE a folder of repositories, one
    repository, or a URL. Without them, what is known is told.
    """
    state = _state(file)
    if remove and (connection is None or remote is not None):
        raise Failure("--remove takes a connection and no remote")
    if connection is not None and remove:
        forget(state, connection)
    elif connection is not None and remote is not None:
        choose(state, connection, remote)
    told = known(state)
    if connection is not None:
        told = {name: one for name, one in told.items() if name == connection}
    if as_json:
        screen.emit({"connections": told})
        return
    for line in screen.table(told.items()) or ["no remote"]:
        screen.say(line)


@local_command.command("env")
@file_option
@network_option
@permission_set_option
@click.argument("who", metavar="WHO@ACCOUNT")
@json_option
def env_command(
    file: Path, network: str | None, permission_set: str | None, who: str, as_json: bool
) -> None:
    """Print the environment of WHO@ACCOUNT for `eval`.

    It holds credentials. A place in a network is that of the shell that runs this, and ends with
    it.
    """
    # Loaded late: it imports botocore, and `landrail local status` should not.
    from landrail.operations.enter import enter

    entered = enter(file, who, network, os.getppid(), permission_set)
    if as_json:
        screen.emit({"set": dict(entered.environment), "unset": entered.dropped})
        return
    for name in entered.dropped:
        screen.say(f"unset {name}")
    for name, value in entered.environment.items():
        screen.say(f"export {name}={shlex.quote(value)}")


def _state(file: Path) -> Path:
    """Return the state folder beside the file, whether the file is there or not."""
    return file.parent / STATE


def _show(told: Status, as_json: bool, file: Path) -> None:
    if as_json:
        screen.emit(asdict(told))
        return
    if not told.running:
        screen.say(f"local AWS  not running ({told.state})")
        for line in next_steps(typed("local start", file)):
            screen.say(line)
        return
    health = screen.green("ready") if told.healthy else screen.yellow("not ready")
    rows = [
        ("local AWS", f"{told.endpoint}  {health}"),
        ("state", told.state),
        ("process", f"{told.pid}, {told.memory_mb or '?'} MB, version {told.version or '?'}"),
        ("management", told.management_account or "?"),
        ("isolation", told.isolation or "unknown"),
    ]
    for line in (*screen.table(rows), *next_steps(typed("show", file), typed("local stop", file))):
        screen.say(line)

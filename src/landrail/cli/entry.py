"""Where `landrail` begins and ends: the root command, and every error's way to the user.

Exit codes: 0 done, 1 it failed, 2 wrong input (`docs/cli.md`). This is the one broad `except` of
the author's house: what nobody expected becomes a short message and a log file.
"""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

import click

from landrail import __version__
from landrail.cli import screen
from landrail.cli.catalogue import COMMANDS
from landrail.cli.lazy import LazyGroup
from landrail.cli.typed import as_typed, given_file
from landrail.cli.views.mistakes import as_data, closing, mistake_lines
from landrail.diagnostics import Diagnostic, Failure, Mistakes

FAILED, WRONG_INPUT, INTERRUPTED = 1, 2, 130
_UNDER = " " * 8
_LAST_STREAM = 2
_NO_FAULT_OF_OURS = {
    errno.EACCES,
    errno.EDQUOT,
    errno.EIO,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOMEM,
    errno.ENOSPC,
    errno.EPERM,
    errno.EPIPE,
    errno.EROFS,
}
"""What a machine answers that is full, closed or broken."""


@click.group(
    cls=LazyGroup,
    entries=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": screen.WIDTH},
    epilog="Begin with `landrail demo`, or with `landrail init` and `landrail plan`.",
)
@click.version_option(__version__, prog_name="landrail", message="%(prog)s %(version)s")
@click.option("-f", "--file", type=click.Path(path_type=Path), help="The platform's file.")
def root(file: Path | None) -> None:
    """Stand up and run a machine-learning platform over many AWS accounts, from one file."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; prints every error, raises none."""
    _open_closed_streams()
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(given)
    except OSError as error:
        return _tell_system(error, given)
    except Exception as error:  # noqa: BLE001 - the last line of defence of the command line
        return _tell_unexpected(error, given)


def _run(given: list[str]) -> int:
    try:
        result = root.main(args=given, prog_name="landrail", standalone_mode=False)
        sys.stdout.flush()
    except Mistakes as mistakes:
        return _tell_mistakes(mistakes, given)
    except Failure as failure:
        return _tell_failure(failure.summary, failure.remedy, given)
    except click.ClickException as error:
        return _tell_usage(error, given)
    except (click.Abort, KeyboardInterrupt) as error:
        typed = isinstance(error.__context__, (KeyboardInterrupt, EOFError))
        screen.say("\nstopped" if typed and sys.stderr.isatty() else "stopped", err=True)
        return INTERRUPTED
    return result if isinstance(result, int) else 0


def _open_closed_streams() -> None:
    """Put nothing in the place of a standard stream that is closed, before a file takes its
    number."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= _LAST_STREAM:
        pass
    os.close(number)
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8"))  # noqa: SIM115 - stays open


def _wants_json(given: Sequence[str]) -> bool:
    own = given[: given.index("--")] if "--" in given else given
    return "--json" in own


def _tell_usage(error: click.ClickException, given: Sequence[str]) -> int:
    if _wants_json(given):
        context = getattr(error, "ctx", None)
        remedy = f"see `{context.command_path} --help`" if context else None
        wrong = Diagnostic(error.format_message(), remedy)
        screen.emit({"ok": False, "diagnostics": as_data([wrong])})
    else:
        error.show()
    return error.exit_code


def _tell_mistakes(mistakes: Mistakes, given: Sequence[str]) -> int:
    if _wants_json(given):
        screen.emit({"ok": False, "diagnostics": as_data(mistakes.diagnostics)})
        return WRONG_INPUT
    file = given_file(given)
    told = [replace(d, remedy=d.remedy and as_typed(d.remedy, file)) for d in mistakes.diagnostics]
    for line in mistake_lines(told):
        screen.say(line, err=True)
    screen.say(closing(mistakes.diagnostics), err=True)
    return WRONG_INPUT


def _tell_failure(summary: str, remedy: str | None, given: Sequence[str]) -> int:
    if _wants_json(given):
        screen.emit({"ok": False, "error": summary, "remedy": remedy})
        return FAILED
    for line in screen.folded(f"failed: {summary}", "", _UNDER):
        screen.say(screen.red(line), err=True)
    for line in screen.folded(as_typed(remedy or "", given_file(given)), _UNDER):
        screen.say(line, err=True)
    return FAILED


def _tell_system(error: OSError, given: Sequence[str]) -> int:
    """Tell what the system refused; where the answer itself cannot be written, as far as that
    goes."""
    if error.errno not in _NO_FAULT_OF_OURS:
        return _tell_unexpected(error, given)
    for stream in (sys.stdout, sys.stderr):
        _drain(stream)
    if error.filename:
        return _tell_failure(f"{error.strerror}: {error.filename}", None, given)
    if not isinstance(error, BrokenPipeError):
        _tell_failure(str(error.strerror), None, ())  # where JSON would go cannot be written
    return FAILED


def _drain(stream: TextIO) -> None:
    """Write what a stream holds; where that fails, lead it to nowhere."""
    try:
        stream.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _tell_unexpected(error: Exception, given: Sequence[str]) -> int:
    if type(error).__module__.startswith("botocore"):
        return _tell_failure(f"AWS answered: {error}", None, given)
    log = _log(error)
    remedy = f"this is a fault of landrail{f'; what happened is in {log}' if log else ''}"
    return _tell_failure(f"{type(error).__name__}: {error}", remedy, given)


def _log(error: Exception) -> str | None:
    """Write the traceback where the user can find it; arguments are left out, they may hold
    secrets. Return where, None where nothing can be written."""
    lines: Any = traceback.format_exception(error)
    for folder in (Path(".landrail"), Path(tempfile.gettempdir())):
        if not folder.is_dir():
            continue
        try:
            handle, name = tempfile.mkstemp(prefix="error-", suffix=".log", dir=folder)
            with open(handle, "w", encoding="utf-8") as log:
                log.write(f"landrail {__version__}, Python {sys.version}\n\n")
                log.writelines(lines)
        except OSError:
            continue
        return name
    return None

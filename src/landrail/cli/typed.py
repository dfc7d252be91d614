"""Commands as one would type them here: what a screen ends with works when it is pasted.

Knows how this program is reached from the current folder and how the file is named; not what is
worth doing next, which the commands say.
"""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from landrail.cli import screen
from landrail.cli.options import DEFAULT_FILE

_TAKES_FILE = (
    "init|check|plan|apply|destroy|show|local (?:start|stop|status|reset)"
    "|model (?:run|status|log|stop|retry|approve|reject|rollback)"
)
_MENTIONED = re.compile(rf"`landrail( (?:{_TAKES_FILE}))?(?=[ `])")


def program() -> str:
    """Return how this program is called from the current folder."""
    here = Path(sys.argv[0])
    found = shutil.which("landrail")
    if here.name != "landrail" or (found and Path(found).resolve() == here.resolve()):
        return "landrail"
    return shlex.quote(from_here(here))


def typed(words: str, file: Path, after: str = "", flag: str = "-f") -> str:
    """Return `landrail WORDS` with the file, after `flag`, where it is not the usual one, and
    ` -- AFTER`."""
    return f"{program()} {words}{_named(file, flag)}{f' -- {after}' if after else ''}"


def next_steps(*commands: str) -> Iterator[str]:
    """Yield the last line of a screen: the next useful commands; one to a line where they are
    long."""
    line = f"next:  {'   ·   '.join(commands)}"
    if len(line) <= screen.width():
        yield line
        return
    for number, command in enumerate(commands):
        yield f"{'next:' if number == 0 else '':<7}{command}"


def as_typed(text: str, file: Path) -> str:
    """Return a text in which the commands it mentions are those that one would type here."""

    def here(found: re.Match[str]) -> str:
        words = found[1] or ""
        return f"`{program()}{words}{_named(file) if words else ''}"

    return _MENTIONED.sub(here, text)


def given_file(arguments: Sequence[str]) -> Path:
    """Return the file named in a command line, or the usual one."""
    own = list(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    for number, word in enumerate(own):
        if word in ("-f", "--file") and number + 1 < len(own):
            return Path(own[number + 1])
        if word.startswith("--file="):
            return Path(word.removeprefix("--file="))
    return Path(DEFAULT_FILE)


def folded_command(command: str, indent: str) -> Iterator[str]:
    """Yield a command in lines of the screen's width that can be pasted together."""
    line = indent
    for word in command.split(" "):
        longer = f"{line}{'' if line == indent or line.endswith(' ') else ' '}{word}"
        if len(longer) > screen.width() - 2 and line.strip() not in ("", "$"):
            yield f"{line} \\"
            line = f"{indent}    {word}"
        else:
            line = longer
    yield line


def from_here(path: Path) -> str:
    """Return a path as one would name it in the current folder."""
    here = Path.cwd().resolve()
    absolute = path.resolve()
    return str(absolute.relative_to(here)) if absolute.is_relative_to(here) else str(path)


def _named(file: Path, flag: str = "-f") -> str:
    return "" if str(file) == DEFAULT_FILE else f" {flag} {shlex.quote(str(file))}"

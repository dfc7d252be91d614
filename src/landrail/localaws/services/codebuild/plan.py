"""The folder a build runs in, and the phases written into it for the driver.

`ROOT/src` and `ROOT/secondary/ID` hold the sources, `ROOT/plan` the commands, `ROOT/state` what the
shells leave to each other, `ROOT/home` the build's home.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from landrail.localaws.services.codebuild.buildspec import PHASES, Buildspec, Phase

ROOT = "/codebuild"
_PRINT = 'printf "%s EXPORT %s %s\\n" {nonce} {name} "$(printf %s "${{{name}-}}" | base64 -w0)"'


def prepare(folder: Path) -> None:
    """Make the folders of a build."""
    for name in ("src", "secondary", "plan", "state", "home", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)


def write(folder: Path, spec: Buildspec, nonce: str) -> None:
    """Write driver and commands; phases without commands are written too, they succeed."""
    plan = folder / "plan"
    package = files("landrail.localaws.services.codebuild")
    for name in ("driver.sh", "shell.sh"):
        (plan / name).write_text((package / name).read_text(), encoding="utf-8")
    for name in PHASES:
        phase = spec.phases.get(name, Phase())
        place = plan / name
        _commands(place / "commands", phase.commands)
        _commands(place / "finally", phase.last)
        (place / "on_failure").write_text(phase.on_failure or "")
    lines = [_PRINT.format(nonce=nonce, name=name) for name in spec.exported]
    (plan / "exported").write_text("\n".join(["set +eux", *lines, ":"]) + "\n")


def command_text(folder: Path, place: str) -> str:
    """Return the text of a command the driver names."""
    return (folder / "plan" / place).read_text(encoding="utf-8").rstrip("\n")


def _commands(folder: Path, commands: tuple[str, ...]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, command in enumerate(commands):
        (folder / f"{number:04}").write_text(command + "\n", encoding="utf-8")

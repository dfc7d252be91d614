"""The folder a build runs in, and its steps written into it for the driver.

`ROOT/src` and `ROOT/secondary/ID` hold the sources, `ROOT/plan` the commands, `ROOT/state` what the
shells leave to each other and to the server, `ROOT/home` the build's home, `ROOT/python` the
packages that the build installs.

Steps are numbered over the whole build: a phase has one at its begin, one for each command, and
one at its end. Step 0 tells the cache's keys, and the one after the last what the build exports
and how its artifacts are called.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from landrail.localaws.runtimes.left import read
from landrail.localaws.services.codebuild.buildspec import PHASES, Buildspec, Cache, Phase

ROOT = "/codebuild"
FOLDERS = ("src", "secondary", "plan", "state", "home", "tmp")
_MOST_TOLD = 1024 * 1024
_SHELLS = {"bash": "bash --noprofile --norc", "/bin/sh": "/bin/sh"}
_RUN = '. "$__cb_root/plan/{name}"; {{ __cb_after; }} 2>/dev/null'


@dataclass(slots=True)
class Plan:
    """The steps of a build: the command of each by its number."""

    commands: dict[int, str] = field(default_factory=dict)


def prepare(folder: Path) -> None:
    """Make the folders of a build."""
    for name in (*FOLDERS, "state/told"):
        (folder / name).mkdir(parents=True, exist_ok=True)


def write(folder: Path, spec: Buildspec) -> Plan:
    """Write driver and steps; phases without commands are written too, they succeed."""
    place, plan = folder / "plan", Plan()
    package = files("landrail.localaws.services.codebuild")
    (place / "driver.sh").write_text((package / "driver.sh").read_text(encoding="utf-8"))
    session = [(package / "session.sh").read_text(encoding="utf-8")]
    session += _telling(0, _keys(spec.cache))
    table = [f"shell='{_SHELLS[spec.shell]}' keyed={'yes' if _keys(spec.cache) else ''}"]
    table += ["phase_of() {", "  case $1 in"]
    number = 1
    for name in PHASES:
        phase = spec.phases.get(name, Phase())
        begin, last = number + 1, number + 1 + len(phase.commands)
        end = last + len(phase.last)
        numbers = "|".join(str(one) for one in range(begin, end + 1))
        how = phase.on_failure.word if phase.on_failure else ""
        values = f"phase={name} begin={begin} finally={last} end={end} how={how}"
        table.append(f"    {numbers}) {values} ;;")
        session.append(f"__cb_at {number} && __cb_mark START {name}")
        for step, text in enumerate((*phase.commands, *phase.last), begin):
            (place / str(step)).write_text(text + "\n", encoding="utf-8")
            plan.commands[step] = text
            session.append(f"if __cb_before {step}; then {_RUN.format(name=step)}; fi")
        session.append(f"__cb_at {end} && __cb_mark END {name} SUCCEEDED")
        number = end + 1
    session += _telling(number, list(_told(spec)))
    session += [': >|"$__cb_root/state/over"', "__cb_status=0", "{ __cb_leave; } 2>/dev/null"]
    table += ["    *) return 1 ;;", "  esac", "}", f"last={number - 1} told={number}"]
    (place / "table").write_text("\n".join([*table, ""]), encoding="utf-8")
    (place / "session.sh").write_text("\n".join([*session, ""]), encoding="utf-8")
    return plan


def told(folder: Path, name: str) -> str:
    """Return what the build told under a name; empty where it did not come so far."""
    return (read(folder, f"state/told/{name}", _MOST_TOLD) or b"").decode("utf-8", "replace")


def keys(folder: Path, spec: Buildspec) -> tuple[str, ...]:
    """Return the cache's keys, as the build computed them."""
    return tuple(told(folder, name) for name, _ in _keys(spec.cache))


def answer(folder: Path, word: str) -> None:
    """Answer the driver's question."""
    # Where the build cannot write, and so has laid no link.
    fresh = folder / "answer"
    fresh.write_text(word + "\n", encoding="utf-8")
    fresh.rename(folder / "state" / "answer")


def _keys(cache: Cache | None) -> list[tuple[str, str]]:
    if cache is None or not cache.key:
        return []
    keys = (cache.key, *cache.fallback)
    return [(f"cache-{number}", _quoted(key)) for number, key in enumerate(keys)]


def _told(spec: Buildspec) -> Iterator[tuple[str, str]]:
    for name in spec.exported:
        yield f"export-{name}", f'"${{{name}-}}"'
    if spec.artifact and spec.artifact.name:
        yield "artifact", _quoted(spec.artifact.name)
    for identifier, one in spec.secondary.items():
        if one.name:
            yield f"artifact-{identifier}", _quoted(one.name)


def _quoted(text: str) -> str:
    """Let the shell expand a text as between double quotes."""
    return '"' + text.replace('"', '\\"') + '"'


def _telling(step: int, values: list[tuple[str, str]]) -> list[str]:
    lines = [f'printf %s {text} >|"$__cb_root/state/told/{name}"' for name, text in values]
    return [f"if __cb_at {step}; then", *lines, ":", "fi"]

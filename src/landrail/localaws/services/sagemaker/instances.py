"""What a job may use here: the memory of its instance type and the size of its volume, by AWS's
figures, or what the user of the machine says in `jobs.json` of the state folder.

The file is an object, `{"memory_mb": 2048, "processes": 256, "warm": false}`, and read each time.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landrail.localaws.runtimes.limits import Limits, machine
from landrail.localaws.runtimes.sandbox import CannotRun

FILE = "jobs.json"
_GIGABYTE, _MEGABYTE = 1024**3, 1024**2
_PROCESSES = 1024
# Gigabytes of a `large` instance of two virtual CPUs; larger ones have as much more.
_MEMORY = {
    **dict.fromkeys(("t2", "t3", "m4", "m5", "m5d", "m6i", "m6g", "m6gd", "m6id", "m7i"), 8.0),
    **dict.fromkeys(("m7g", "m8g", "m6a", "m7a"), 8.0),
    **dict.fromkeys(("c4",), 3.75),
    **dict.fromkeys(("c5", "c5d", "c6i", "c6g", "c6gd", "c6id", "c7i", "c7g", "c8g"), 4.0),
    **dict.fromkeys(("c5n", "c6gn"), 5.25),
    **dict.fromkeys(("r5", "r5d", "r6i", "r6g", "r6gd", "r6id", "r7i", "r7g", "r8g"), 16.0),
    **dict.fromkeys(("g4dn", "g5", "g6"), 8.0),
    **dict.fromkeys(("inf1",), 4.0),
    **dict.fromkeys(("inf2",), 8.0),
}
_EXACTLY = {"ml.t2.medium": 4.0, "ml.t3.medium": 4.0, "ml.inf2.8xlarge": 128.0}
# Their storage is the instance's own, and VolumeSizeInGB says nothing of it.
_OWN_DISKS = ("m5d", "c5d", "r5d", "m6gd", "m6id", "c6gd", "c6id", "r6gd", "r6id", "g4dn", "g5")


class Unreadable(CannotRun):
    """`jobs.json` cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Said:
    """What `jobs.json` says; None where it says nothing."""

    memory: int | None = None
    processes: int = _PROCESSES
    warm: bool = True


def said(state: Path) -> Said:
    """Read `jobs.json`; raises Unreadable."""
    try:
        document = json.loads((state / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Said()
    except ValueError as error:
        raise Unreadable(f"{FILE} of the state folder cannot be read: {error}") from error
    if not isinstance(document, dict) or set(document) - {"memory_mb", "processes", "warm"}:
        raise Unreadable(f"{FILE} of the state folder holds `memory_mb`, `processes` and `warm`")
    memory = document.get("memory_mb")
    return Said(
        None if memory is None else _number(document, "memory_mb") * _MEGABYTE,
        _number(document, "processes") if "processes" in document else _PROCESSES,
        document.get("warm", True) is True,
    )


def limits(state: Path, instance_type: str | None, volume: int | None) -> Limits:
    """Return the limits of a job on an instance of this type with a volume of so many gigabytes;
    raises Unreadable. No job gets more memory than the machine has."""
    found = said(state)
    memory = found.memory or min(memory_of(instance_type or "") or machine(), machine())
    disk = None if volume is None or _family(instance_type or "") in _OWN_DISKS else volume
    return Limits(memory, found.processes, None if disk is None else disk * _GIGABYTE)


def memory_of(instance_type: str) -> int | None:
    """Return the bytes of memory of an instance type, None where they are not known here."""
    if instance_type in _EXACTLY:
        return int(_EXACTLY[instance_type] * _GIGABYTE)
    match = re.fullmatch(r"ml\.([a-z0-9-]+)\.(?:medium|(\d*x)?large)", instance_type)
    if match is None or match[1] not in _MEMORY:
        return None
    size = 0.5 if instance_type.endswith("medium") else 1.0
    if match[2]:
        size = 2.0 * int(match[2].removesuffix("x") or 1)
    return int(_MEMORY[match[1]] * size * _GIGABYTE)


def _family(instance_type: str) -> str:
    return [*instance_type.split("."), ""][1]


def _number(document: dict[str, Any], name: str) -> int:
    value = document[name]
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise Unreadable(f"{FILE} of the state folder: {name} is {value!r}, and no number")
    return value

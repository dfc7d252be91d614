"""The one way out of a sandbox that has no network: to one port of this machine, by a relay.

The relay outside is a process of its own, so that whoever is connected to can tell whose it is.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from landrail.localaws.runtimes import relay
from landrail.localaws.runtimes.sandbox import TIED, Bind, Work

_SCRIPT, _FOLDER = "/run/landrail-way.py", "/run/landrail-way"


def inside(work: Work, port: int) -> tuple[Work, Path]:
    """Return the work without a network but with the way to a port, and the folder of its
    socket."""
    folder = Path(tempfile.mkdtemp(dir=work.scratch.parent, prefix="way-"))
    binds = (Bind(Path(relay.__file__), _SCRIPT), Bind(folder, _FOLDER))
    before = ("python", "-I", "-S", _SCRIPT, "--from", str(port), f"{_FOLDER}/socket")
    return replace(
        work, argv=(*before, *work.argv), binds=(*work.binds, *binds), network=False
    ), folder


def outside(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """Start the relay on this side; it ends with the thread that starts it, at the latest."""
    python = [sys.executable, "-I", "-S"]
    command = [*python, relay.__file__, "--to", str(port), "socket"]
    return subprocess.Popen(
        [*python, "-c", TIED, str(folder), *command],
        env={},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

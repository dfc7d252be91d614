"""A server process by the container's contract: `GET /ping`, `POST /invocations` on port 8080.

With a network it is told a free port of this machine by `SAGEMAKER_BIND_TO_PORT`, and by
`LANDRAIL_BIND_TO_ADDRESS` that nobody else's machine is to reach it; in a sandbox without one it
has port 8080 to itself and is reached through `relay`.
"""

from __future__ import annotations

import socket
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from landrail.localaws.runtimes import relay
from landrail.localaws.runtimes.images import Unpacked, work
from landrail.localaws.runtimes.limits import Limits
from landrail.localaws.runtimes.lines import LINES, Place, Reply, Unreachable, ask
from landrail.localaws.runtimes.process import Bind, CannotRun, Running, start
from landrail.localaws.runtimes.sandbox import wall

__all__ = ["LINES", "Place", "Reply", "Server", "Unreachable", "ask", "serve"]

_RELAY, _RUN = "/run/landrail-relay.py", "/run/landrail"


class Server:
    """One server process and the way to it."""

    def __init__(self, running: Running, place: Place) -> None:
        """Take over a process that answers at `place`."""
        self._running = running
        self.place = place
        self.line = LINES.open(place)
        """The name of the line that requests take to it."""

    @property
    def pid(self) -> int:
        """The process id."""
        return self._running.pid

    @property
    def roots(self) -> Sequence[int]:
        """The processes that it and its children are below."""
        return self._running.roots

    @property
    def calls_from(self) -> int:
        """The process whose connections are this one's, and those of what is below it."""
        return self._running.calls_from

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._running.alive

    @property
    def exceeded(self) -> str | None:
        """Which of its limits the process was killed for, if it was."""
        return self._running.exceeded

    def stop(self, grace: float = 3.0, drain: float = 0.0) -> None:
        """End the process and all its children, after what was under way, for `drain` seconds."""
        LINES.close(self.line, drain)
        self._running.stop(grace)
        self._running.wait(timeout=3)

    def healthy(self, within: float) -> bool:
        """Wait until `/ping` answers 200; False after `within` seconds or when the process ends."""
        until = time.monotonic() + within
        while self.alive and time.monotonic() < until:
            try:
                if ask(self.place, "GET", "/ping", {}, b"", timeout=2).status == 200:
                    return True
            except Unreachable:
                pass
            time.sleep(0.05)
        return False


def serve(
    image: Unpacked,
    argv: Sequence[str],
    env: Mapping[str, str],
    binds: Sequence[Bind],
    scratch: Path,
    on_line: Callable[[str], None],
    *,
    network: bool = True,
    way: int | None = None,
    limits: Limits | None = None,
    may_be_warm: bool = False,
) -> Server:
    """Start a server process; it may still be loading when this returns. With a `way` it reaches
    that port of this machine alone, if its image has this machine's Python. Raises CannotRun."""
    if (network and (way is None or not image.settings.on_host)) or wall()[0] is None:
        port = _free_port()
        local = {"SAGEMAKER_BIND_TO_PORT": str(port), "LANDRAIL_BIND_TO_ADDRESS": "127.0.0.1"}
        env = {**env, **local}
        task = work(image, argv, env, binds, scratch, limits=limits)
        return Server(start(task, on_line), port)
    if not image.settings.on_host:
        raise CannotRun(
            "an endpoint without a network is run only from an image on the base `host`"
        )
    folder = Path(tempfile.mkdtemp(dir=scratch))
    inner = [Bind(Path(relay.__file__), _RELAY), Bind(folder, _RUN, writable=True)]
    relayed = ("python", "-I", _RELAY, f"{_RUN}/socket")
    task = work(
        image,
        argv,
        env,
        [*binds, *inner],
        scratch,
        network=False,
        limits=limits,
        may_be_warm=may_be_warm and way is None,
    )
    task = replace(task, argv=(*relayed, *argv), beside=relayed, way=way)
    return Server(start(task, on_line), str(folder))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

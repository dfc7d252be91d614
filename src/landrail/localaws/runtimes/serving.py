"""A server process by the container's contract: `GET /ping`, `POST /invocations` on port 8080.

With a network it is told a free port of this machine by `SAGEMAKER_BIND_TO_PORT`, and by
`LANDRAIL_BIND_TO_ADDRESS` that nobody else's machine is to reach it; in a sandbox without one it
has port 8080 to itself and is reached through `relay`.
"""

from __future__ import annotations

import http.client
import os
import socket
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from landrail.localaws.runtimes import relay
from landrail.localaws.runtimes.images import Unpacked, work
from landrail.localaws.runtimes.process import Bind, CannotRun, Running, start
from landrail.localaws.runtimes.sandbox import wall

Place = int | str
"""Where a server answers: a port of this machine, or the folder with the relay's socket."""

_RELAY, _RUN = "/run/landrail-relay.py", "/run/landrail"


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's answer; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Unreachable(Exception):
    """The server did not answer in time, or closed the connection."""


class Server:
    """One server process and the way to it."""

    def __init__(self, running: Running, place: Place) -> None:
        """Take over a process that answers at `place`."""
        self._running = running
        self.place = place

    @property
    def pid(self) -> int:
        """The process id."""
        return self._running.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._running.alive

    def stop(self, grace: float = 3.0) -> None:
        """End the process and all its children."""
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


def ask(
    place: Place,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    timeout: float,
) -> Reply:
    """Make one request of a server; raises Unreachable."""
    connection = _Connection(place, timeout)
    try:
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        words = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, words, answer.read())
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(str(error) or type(error).__name__) from error
    finally:
        connection.close()


def serve(
    image: Unpacked,
    argv: Sequence[str],
    env: Mapping[str, str],
    binds: Sequence[Bind],
    scratch: Path,
    on_line: Callable[[str], None],
    *,
    network: bool = True,
) -> Server:
    """Start a server process; it may still be loading when this returns. Raises CannotRun."""
    if network or wall()[0] is None:
        port = _free_port()
        local = {"SAGEMAKER_BIND_TO_PORT": str(port), "LANDRAIL_BIND_TO_ADDRESS": "127.0.0.1"}
        env = {**env, **local}
        return Server(start(work(image, argv, env, binds, scratch), on_line), port)
    if not image.settings.on_host:
        raise CannotRun(
            "an endpoint without a network is run only from an image on the base `host`"
        )
    folder = Path(tempfile.mkdtemp(dir=scratch))
    inner = [Bind(Path(relay.__file__), _RELAY), Bind(folder, _RUN, writable=True)]
    command = ["python", "-I", _RELAY, f"{_RUN}/socket", *argv]
    task = work(image, command, env, [*binds, *inner], scratch, network=False)
    return Server(start(task, on_line), str(folder))


class _Connection(http.client.HTTPConnection):
    def __init__(self, place: Place, timeout: float) -> None:
        super().__init__("127.0.0.1", place if isinstance(place, int) else 8080, timeout=timeout)
        self._place = place

    def connect(self) -> None:
        if isinstance(self._place, int):
            super().connect()
            return
        # The name of a socket holds 108 bytes at most; through the folder's handle it is short.
        handle = os.open(self._place, os.O_PATH | os.O_DIRECTORY)
        try:
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.settimeout(self.timeout)
            self.sock.connect(f"/proc/self/fd/{handle}/socket")
        finally:
            os.close(handle)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""Ways to server processes that stay open: a request takes an idle connection, or opens one.

Whoever ends a server closes its line first: nothing new is sent from then on (`Gone`), and what is
under way is waited for, so that no request is lost. A line has a name of its own, since ports come
again. Speaks HTTP/1.1 with these few hundred bytes of head and nothing that containers do not need.
"""

from __future__ import annotations

import os
import re
import socket
import threading
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

Place = int | str
"""Where a server answers: a port of this machine, or the folder with the relay's socket."""

_HEAD = 64 * 1024
_PIECE = 256 * 1024
_IDLE = 64
_UNSENDABLE = re.compile(r"[^\x20-\x7e\x80-\xff\t]")


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's answer; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Unreachable(Exception):
    """The server did not answer in time, or closed the connection."""


class Gone(Unreachable):
    """Nothing was sent: the line is closed, or the server takes no connection. Ask another one."""


class TimedOut(Unreachable):
    """The server took longer than it may."""


class _Stale(Exception):
    """A connection that had been idle was closed by the server before it answered a byte."""


class Line:
    """The connections to one server."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._idle: list[socket.socket] = []
        self._under_way = 0
        self._closed = False
        self._changed = threading.Condition()

    @property
    def under_way(self) -> int:
        """How many requests wait for an answer."""
        return self._under_way

    def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Reply:
        """Make one request; raises Gone where the line is closed, else Unreachable."""
        request = _request(method, path, headers, body)
        idle = self._taken()
        kept: socket.socket | None = None
        try:
            connection, reply, stays = self._exchanged(idle, request, timeout)
            if stays:
                kept = connection
            else:
                connection.close()
            return reply
        except TimeoutError as error:
            raise TimedOut(f"no answer within {timeout:g} seconds") from error
        except (OSError, ValueError) as error:
            raise Unreachable(str(error) or type(error).__name__) from error
        finally:
            self._given_back(kept)

    def close(self, within: float = 0.0) -> bool:
        """Let nothing new in and wait for what is under way; False if that took too long."""
        until = time.monotonic() + within
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
            while self._under_way and (left := until - time.monotonic()) > 0:
                self._changed.wait(left)
            done = self._under_way == 0
        for connection in idle:
            connection.close()
        return done

    def _exchanged(
        self, connection: socket.socket | None, request: bytes, timeout: float
    ) -> tuple[socket.socket, Reply, bool]:
        if connection is not None:
            try:
                return connection, *_exchange(connection, request, timeout, fresh=False)
            except _Stale:
                pass
        try:
            fresh = _connected(self.place, timeout)
        except OSError as error:
            raise Gone(f"the server takes no connection: {error.strerror or error}") from error
        return fresh, *_exchange(fresh, request, timeout, fresh=True)

    def _taken(self) -> socket.socket | None:
        with self._changed:
            if self._closed:
                raise Gone("the server is ending")
            self._under_way += 1
            return self._idle.pop() if self._idle else None

    def _given_back(self, connection: socket.socket | None) -> None:
        with self._changed:
            self._under_way -= 1
            keep = connection is not None and not self._closed and len(self._idle) < _IDLE
            if connection is not None and keep:
                self._idle.append(connection)
            self._changed.notify_all()
        if connection is not None and not keep:
            connection.close()


class Lines:
    """The open lines of this process, by name."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}

    def open(self, place: Place) -> str:
        """Open a line to a server; returns its name."""
        name = uuid.uuid4().hex
        self._lines[name] = Line(place)
        return name

    def get(self, name: str) -> Line | None:
        """Return an open line."""
        return self._lines.get(name)

    def close(self, name: str, within: float = 0.0) -> bool:
        """Close a line as `Line.close` does."""
        line = self._lines.pop(name, None)
        return line is None or line.close(within)


LINES = Lines()
"""Those of the local AWS: SageMaker opens and closes them, its runtime asks by them."""


def _request(method: str, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    words = [f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n"]
    for name, value in headers.items():
        if _UNSENDABLE.search(value):
            raise Unreachable(f"the header {name} has characters that cannot be sent")
        words.append(f"{name}: {value}\r\n")
    words.append(f"Content-Length: {len(body)}\r\n\r\n")
    return "".join(words).encode("latin-1") + body


def _exchange(
    connection: socket.socket, request: bytes, timeout: float, *, fresh: bool
) -> tuple[Reply, bool]:
    """Send a request and read its answer, and whether the connection stays open after it."""
    until = time.monotonic() + timeout
    connection.settimeout(timeout)
    try:
        try:
            connection.sendall(request)
            first = connection.recv(_PIECE)
        except (ConnectionError, BrokenPipeError):
            first = b""
        if not first:
            raise ConnectionError("the server closed the connection") if fresh else _Stale
        return _Reader(connection, first, until).reply()
    except BaseException:
        connection.close()
        raise


class _Reader:
    """Reads one answer, until a moment at the latest."""

    def __init__(self, connection: socket.socket, begun: bytes, until: float) -> None:
        self._connection = connection
        self._held = begun
        self._latest = until

    def reply(self) -> tuple[Reply, bool]:
        head = self._until(b"\r\n\r\n", _HEAD).decode("latin-1").split("\r\n")
        version, status, *_ = [*head[0].split(" ", 2), ""]
        if not version.startswith("HTTP/1.") or not status.isdigit():
            raise ValueError("the server's answer is not HTTP/1.1")
        if status == "100":
            return self.reply()
        headers: dict[str, str] = {}
        for line in head[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        ended = headers.get("connection", "").lower()
        stays = ended != "close" and (version == "HTTP/1.1" or ended == "keep-alive")
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = self._chunks()
        elif "content-length" in headers:
            body = self._exactly(int(headers["content-length"]))
        elif status in ("204", "304"):
            body = b""
        else:
            body, stays = self._rest(), False
        return Reply(int(status), headers, body), stays and not self._held

    def _piece(self) -> bytes:
        left = self._latest - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._connection.recv(_PIECE)

    def _more(self) -> bool:
        piece = self._piece()
        self._held += piece
        return bool(piece)

    def _until(self, mark: bytes, most: int) -> bytes:
        while (at := self._held.find(mark)) < 0:
            if len(self._held) > most or not self._more():
                raise ConnectionError("the server's answer broke off")
        found, self._held = self._held[:at], self._held[at + len(mark) :]
        return found

    def _exactly(self, count: int) -> bytes:
        if len(self._held) < count:
            pieces, have = [self._held], len(self._held)
            while have < count:
                piece = self._piece()
                if not piece:
                    raise ConnectionError("the server's answer broke off")
                pieces.append(piece)
                have += len(piece)
            self._held = b"".join(pieces)
        found, self._held = self._held[:count], self._held[count:]
        return found

    def _chunks(self) -> bytes:
        pieces = []
        while size := int(self._until(b"\r\n", _HEAD).partition(b";")[0], 16):
            pieces.append(self._exactly(size))
            self._until(b"\r\n", _HEAD)
        while self._until(b"\r\n", _HEAD):
            pass
        return b"".join(pieces)

    def _rest(self) -> bytes:
        while self._more():
            pass
        found, self._held = self._held, b""
        return found


def _connected(place: Place, timeout: float) -> socket.socket:
    if isinstance(place, int):
        connection = socket.create_connection(("127.0.0.1", place), timeout)
        with suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection
    # The name of a socket holds 108 bytes at most; through the folder's handle it is short.
    handle = os.open(place, os.O_PATH | os.O_DIRECTORY)
    try:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(timeout)
        connection.connect(f"/proc/self/fd/{handle}/socket")
        return connection
    finally:
        os.close(handle)


def ask(
    place: Place,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    timeout: float,
) -> Reply:
    """Make one request of a server over a connection of its own; raises Unreachable."""
    line = Line(place)
    try:
        return line.ask(method, path, headers, body, timeout)
    finally:
        line.close()

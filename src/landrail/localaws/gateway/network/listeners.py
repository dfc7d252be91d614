"""Listeners of their own for processes: where a call comes from follows from where it arrives.

A listener is a port of the loopback interface with an origin. It belongs to one process and those
below it: on Linux the kernel is asked for each connection, elsewhere it takes only calls signed by
the process's own role. One thread accepts for all of them and closes those whose process has ended.
"""

from __future__ import annotations

import os
import selectors
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from landrail.localaws.api import Origin
from landrail.localaws.gateway.wire.http import Application, Environ, Server

MadeBy = Callable[[socket.socket, int], bool]
"""Tells whether a connection was made by a process or one below it."""

_OWNER_SECONDS = 30.0
_LOOK_SECONDS = 2.0


class Door(Server):
    """One listener: a server whose connections somebody else accepts."""

    def __init__(
        self, application: Application, origin: Origin, role_arn: str, made_by: MadeBy | None
    ) -> None:
        super().__init__(0)
        self.origin = origin
        self.application = self._arrive
        self._gateway = application
        self._role = role_arn
        self._made_by = made_by
        self._owner: int | None = None
        self._owned = threading.Event()
        self._open = True
        self._lock = threading.Lock()
        self._arrived: set[socket.socket] = set()
        self._here = threading.local()

    @property
    def endpoint(self) -> str:
        """The URL for clients."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def owner(self) -> int | None:
        """The process it belongs to."""
        return self._owner

    def own(self, pid: int) -> None:
        """Name the process it belongs to."""
        self._owner = pid
        self._owned.set()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer the calls of one connection."""
        with self._lock:
            if self._open:
                self._arrived.add(request)
            else:
                self.shutdown_request(request)
                return
        self._here.stranger = not self._knows(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._arrived.discard(request)

    def shut(self) -> None:
        """Take no more connections and end those that there are."""
        with self._lock:
            self._open = False
            arrived = list(self._arrived)
        self._owned.set()
        self.server_close()
        for connection in arrived:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _knows(self, connection: socket.socket) -> bool:
        if self._made_by is None:
            return True
        self._owned.wait(_OWNER_SECONDS)
        return self._owner is not None and self._made_by(connection, self._owner)

    def _arrive(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        environ["landrail.origin"] = self.origin
        environ["landrail.endpoint"] = self.endpoint
        if self._here.stranger:
            environ["landrail.stranger"] = True
        if self._made_by is None:
            environ["landrail.role"] = self._role
        return self._gateway(environ, start_response)


class Opened:
    """A listener as its process's service sees it."""

    def __init__(self, door: Door, listeners: Listeners) -> None:
        self._door = door
        self._listeners = listeners

    @property
    def endpoint(self) -> str:
        """The URL for clients."""
        return self._door.endpoint

    def belongs_to(self, pid: int) -> None:
        """Name the process."""
        self._door.own(pid)
        self._listeners.watch(self._door, pid)

    def close(self) -> None:
        """Close it, with all its connections."""
        self._listeners.close(self._door)


class Listeners:
    """All listeners that are open, and the thread that accepts for them; `made_by` is None where
    the machine cannot tell."""

    def __init__(self, made_by: MadeBy | None = None) -> None:
        self._made_by = made_by
        self._selector = selectors.DefaultSelector()
        self._lock = threading.Lock()
        self._doors: dict[Door, int | None] = {}
        self._wakes, self._waker = socket.socketpair()
        self._wakes.setblocking(False)
        self._selector.register(self._wakes, selectors.EVENT_READ)
        self._thread: threading.Thread | None = None
        self._ended = False

    def open(self, application: Application, origin: Origin, role_arn: str) -> Opened:
        """Open a listener that hands its calls to `application`."""
        door = Door(application, origin, role_arn, self._made_by)
        door.socket.setblocking(False)
        with self._lock:
            self._doors[door] = None
            self._selector.register(door, selectors.EVENT_READ, door)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="listeners", daemon=True)
                self._thread.start()
        self._wake()
        return Opened(door, self)

    def watch(self, door: Door, pid: int) -> None:
        """Close a listener when a process ends."""
        with self._lock:
            if door not in self._doors or self._doors[door] is not None:
                return
            try:
                handle = os.pidfd_open(pid)
            except (AttributeError, OSError):
                # Not Linux, or the process is gone already: the thread looks at times.
                return
            self._doors[door] = handle
            self._selector.register(handle, selectors.EVENT_READ, door)
        self._wake()

    def close(self, door: Door) -> None:
        """Close a listener; one that is closed already stays so."""
        with self._lock:
            if door not in self._doors:
                return
            handle = self._doors.pop(door)
            self._selector.unregister(door)
            if handle is not None:
                self._selector.unregister(handle)
                os.close(handle)
        door.shut()
        self._wake()

    def close_all(self) -> None:
        """Close every listener and end the thread."""
        self._ended = True
        for door in self.doors:
            self.close(door)
        self._wake()
        if self._thread is not None:
            self._thread.join(timeout=5)
        self._selector.close()
        self._wakes.close()
        self._waker.close()

    @property
    def doors(self) -> tuple[Door, ...]:
        """The listeners that are open."""
        with self._lock:
            return tuple(self._doors)

    def _wake(self) -> None:
        with suppress(OSError):
            self._waker.send(b"x")

    def _run(self) -> None:
        while not self._ended:
            for key, _ in self._selector.select(_LOOK_SECONDS):
                if key.fileobj is self._wakes:
                    with suppress(BlockingIOError):
                        self._wakes.recv(4096)
                elif isinstance(key.fileobj, int):
                    self.close(key.data)
                else:
                    _accept(key.data)
            for door in self.doors:
                if door.owner is not None and not _alive(door.owner):
                    self.close(door)


def _accept(door: Door) -> None:
    try:
        connection, address = door.get_request()
    except OSError:
        # The client is gone again, or the listener was closed meanwhile.
        return
    connection.setblocking(True)
    try:
        door.process_request(connection, address)
    except RuntimeError:
        # No thread to be had: this client is turned away, and the others are served.
        door.shutdown_request(connection)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

"""Runs inside a sandbox without a network, or beside one: hands connections on through a socket
file, the one way between the two.

A script of its own, with the standard library alone:

    python relay.py [--to PORT] SOCKET [COMMAND...]   what comes to the file goes to the port
    python relay.py --from PORT SOCKET [COMMAND...]   what comes to the port goes to the file

The port is 8080 unless told otherwise.

It ends as the command ends; without one it relays until somebody ends it.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

_TRIES, _PAUSE = 250, 0.02
Connect = Callable[[], socket.socket]


def main(words: list[str]) -> int:
    """Start the command, and relay until it ends."""
    port, outwards = 8080, words[0] == "--from"
    if words[0] in ("--from", "--to"):
        port, words = int(words[1]), words[2:]
    path, command = words[0], words[1:]
    if outwards:
        listener = socket.create_server(("127.0.0.1", port))
        connect: Connect = partial(_file, path)
    else:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen(64)
        connect = partial(socket.create_connection, ("127.0.0.1", port))
    if not command:
        _accept(listener, connect)
    threading.Thread(target=_accept, args=(listener, connect), daemon=True).start()
    # Who is asked to end is the command; it gets the signal, too, and decides.
    signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        status = subprocess.call(command)
    except OSError as error:
        print(f"cannot start {command[0]}: {error.strerror}", flush=True)  # noqa: T201 (the log)
        return 127
    return 128 - status if status < 0 else status


def _file(path: str) -> socket.socket:
    """Connect to a socket file; whoever listens there may still be starting."""
    for _ in range(_TRIES):
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(path)
        except (FileNotFoundError, ConnectionRefusedError):
            server.close()
            time.sleep(_PAUSE)
        else:
            return server
    raise ConnectionRefusedError(path)


def _accept(listener: socket.socket, connect: Connect) -> None:
    while True:
        client, _ = listener.accept()
        threading.Thread(target=_serve, args=(client, connect), daemon=True).start()


def _serve(client: socket.socket, connect: Connect) -> None:
    with client:
        try:
            server = connect()
        except OSError:
            return
        with server:
            back = threading.Thread(target=_copy, args=(server, client), daemon=True)
            back.start()
            _copy(client, server)
            back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

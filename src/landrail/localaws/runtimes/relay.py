"""Runs inside a sandbox without a network: hands requests from a socket file to port 8080 there.

A script of its own, with the standard library alone: `python relay.py SOCKET COMMAND...`. It ends
as the command ends; without one it relays until somebody ends it.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from contextlib import suppress


def main(path: str, command: list[str]) -> int:
    """Start the command, and relay until it ends."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    if not command:
        _accept(listener)
    threading.Thread(target=_accept, args=(listener,), daemon=True).start()
    try:
        return subprocess.call(command)
    except OSError as error:
        print(f"cannot start {command[0]}: {error.strerror}", flush=True)  # noqa: T201 (the log)
        return 127


def _accept(listener: socket.socket) -> None:
    while True:
        client, _ = listener.accept()
        threading.Thread(target=_serve, args=(client,), daemon=True).start()


def _serve(client: socket.socket) -> None:
    with client:
        try:
            server = socket.create_connection(("127.0.0.1", 8080))
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
    sys.exit(main(sys.argv[1], sys.argv[2:]))

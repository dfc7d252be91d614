"""Whose connection it is: asks the kernel which process holds the other end. Linux only.

A port of the loopback interface can be found by anybody on the machine. What a listener needs to
know is that a connection was made by its own process or by one below it.
"""

from __future__ import annotations

import os
import socket
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_TABLE = _PROC / "net" / "tcp"
# Some clients (Java's) speak IPv4 by sockets of IPv6; the kernel lists these apart.
_MAPPED = (_PROC / "net" / "tcp6", "0000000000000000FFFF0000")


def can_tell() -> bool:
    """Return whether this machine's kernel tells."""
    return _TABLE.exists()


def made_by(connection: socket.socket, pid: int) -> bool:
    """Return whether a process, or one below it, holds the other end of a connection."""
    try:
        inode = _inode(connection.getpeername(), connection.getsockname())
    except OSError:
        return False
    if inode is None:
        return False
    wanted = f"socket:[{inode}]"
    return any(wanted in _open_files(each) for each in _below(pid))


def _inode(peer: tuple[str, int], own: tuple[str, int]) -> str | None:
    for table, prefix in ((_TABLE, ""), _MAPPED):
        ends = [prefix + _written(peer), prefix + _written(own)]
        with suppress(FileNotFoundError):
            for line in table.read_text().splitlines()[1:]:
                fields = line.split()
                if fields[1:3] == ends:
                    return fields[9]
    return None


def _written(address: tuple[str, int]) -> str:
    """An address as the table has it: the four bytes as a number of this machine, in hex."""
    host = int.from_bytes(socket.inet_aton(address[0]), "little")
    return f"{host:08X}:{address[1]:04X}"


def _open_files(pid: int) -> set[str]:
    found = set()
    with suppress(OSError):
        for entry in os.scandir(_PROC / str(pid) / "fd"):
            with suppress(OSError):
                found.add(os.readlink(entry.path))
    return found


def _below(pid: int) -> Iterator[int]:
    children: dict[int, list[int]] = defaultdict(list)
    for entry in os.scandir(_PROC):
        if entry.name.isdigit():
            with suppress(OSError):
                # The name in brackets may hold anything; the parent is the second word after it.
                rest = (Path(entry.path) / "stat").read_text().rpartition(")")[2].split()
                children[int(rest[1])].append(int(entry.name))
    waiting = [pid]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += children[each]

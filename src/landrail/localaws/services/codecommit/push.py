"""What a push asks for: the ref updates at the head of a `git-receive-pack` request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class RefUpdate:
    """One ref a push wants to move; an id of forty zeros means: not there."""

    name: str
    before: str
    after: str


def read_updates(body: BinaryIO) -> list[RefUpdate]:
    """Read the commands of a push up to the flush packet; raises ValueError for a wrong one."""
    updates = []
    while True:
        head = body.read(4)
        if len(head) < 4:
            break
        length = int(head, 16)
        if length == 0:
            break
        if length < 4:
            raise ValueError("not a packet line")
        line = body.read(length - 4).split(b"\0", 1)[0].decode("utf-8").strip()
        if line.startswith(("shallow ", "push-cert")):
            continue
        before, after, name = line.split(" ", 2)
        updates.append(RefUpdate(name, before, after))
    return updates

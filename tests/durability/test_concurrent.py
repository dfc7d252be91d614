"""Sixteen clients at once: no broken answer, no lost write, and all of it there after a kill."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from traceback import format_exception
from typing import Any

import pytest

from . import server
from .crowd import QUEUE, SHARED, Client, Place, furnish

CLIENTS = 16
PROCESSES = 2


@dataclass
class Kept:
    """What a client knows in the end, as it passes between processes."""

    name: str
    seed: int
    fields: dict[str, Any]


_FIELDS = ("objects", "roles", "parameters", "groups", "tip", "shared_writes", "sent", "received")


def some(place: Place, first: int, count: int, calls: int) -> list[Kept]:
    """Let some clients work at once, in threads of this process."""
    clients = [Client(place, f"c{n:02d}", n) for n in range(first, first + count)]
    with ThreadPoolExecutor(count) as pool:
        working = [pool.submit(client.work, calls) for client in clients]
    # botocore's errors do not pass between processes; their words do.
    wrong = ["".join(format_exception(error)) for w in working if (error := w.exception())]
    assert not wrong, "\n".join(wrong)
    return [
        Kept(c.name, c.seed, {name: getattr(c, name) for name in (*_FIELDS, "calls")})
        for c in clients
    ]


def missing(place: Place, all_kept: list[Kept]) -> list[str]:
    """What is not as the clients left it."""

    def look(kept: Kept) -> list[str]:
        client = Client(place, kept.name, kept.seed)
        for name in _FIELDS:
            setattr(client, name, kept.fields[name])
        return list(client.look())

    with ThreadPoolExecutor(4) as pool:
        found = [thing for things in pool.map(look, all_kept) for thing in things]
    ssm, sqs = place.client("ssm"), place.client("sqs")
    version = ssm.get_parameter(Name=SHARED)["Parameter"]["Version"]
    if version != sum(kept.fields["shared_writes"] for kept in all_kept):
        found.append(f"{SHARED} {version}")
    number = sqs.get_queue_attributes(QueueUrl=place.queue, AttributeNames=["All"])["Attributes"]
    left = sum(kept.fields["sent"] - len(kept.fields["received"]) for kept in all_kept)
    if int(number["ApproximateNumberOfMessages"]) != left:
        found.append(f"{QUEUE} {number}")
    return found


def crowd(state: Path, calls: int) -> None:
    """Let the clients work, look, kill the server, and look again."""
    with server.start(state) as running:
        facts = running.facts
        place = furnish(facts["endpoint"], facts["bootstrap"], facts["management_account"])
        all_kept = at_once(place, -(-calls // CLIENTS))
        assert sum(kept.fields["calls"] for kept in all_kept) >= calls
        received = [body for kept in all_kept for body in kept.fields["received"]]
        assert len(received) == len(set(received))
        assert missing(place, all_kept) == []
        running.kill()
    with server.start(state) as again:
        place = replace(place, endpoint=again.facts["endpoint"])
        assert missing(place, all_kept) == []
        assert again.stop() == 0
    log = (state / "server.log").read_text()
    assert "Traceback" not in log
    assert " ERROR " not in log


def at_once(place: Place, calls: int) -> list[Kept]:
    """All clients, in some processes."""
    each = CLIENTS // PROCESSES
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as processes:
        work = [processes.submit(some, place, n * each, each, calls) for n in range(PROCESSES)]
        return [kept for done in work for kept in done.result()]


def test_sixteen_clients_lose_nothing(tmp_path: Path) -> None:
    crowd(tmp_path, 2000)


@pytest.mark.soak
def test_sixteen_clients_lose_nothing_in_a_long_time(tmp_path: Path) -> None:
    crowd(tmp_path, 80_000)

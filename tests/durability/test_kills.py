"""Killed in the middle of writing the journal, a body or a snapshot: what was answered is there."""

from __future__ import annotations

import logging
import multiprocessing
import random
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Semaphore

import pytest
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, HTTPClientError

from landrail.localaws.store import Store

from . import server

ACCOUNT = "410987654321"
REGION = "eu-west-1"
BUCKET = "killed-objects"
SECRET = b"a secret of at least 32 characters"
SPAWN = multiprocessing.get_context("spawn")


def body(number: int) -> bytes:
    """Large enough to be a file of its own, and no other's."""
    return f"{number:08d}".encode() * 1000


def works(state: Path, first: int, says: Connection) -> None:
    """Write one thing after the other, and tell of each that was answered; make snapshots without
    end beside."""
    store = Store(state, SECRET)
    if not first:
        where = {"LocationConstraint": REGION}
        bucket = {"Bucket": BUCKET, "CreateBucketConfiguration": where}
        store.execute(ACCOUNT, REGION, "s3", "CreateBucket", bucket)
    snapshots = store._snapshots
    assert snapshots is not None
    snapshots._due = 0.0
    says.send(-1)
    for number in range(first, first + 100_000):
        name = {"Name": f"/n/{number}", "Value": str(number), "Type": "String", "Overwrite": True}
        store.execute(ACCOUNT, REGION, "ssm", "PutParameter", name)
        put = {"Bucket": BUCKET, "Key": str(number), "Body": body(number)}
        store.execute(ACCOUNT, REGION, "s3", "PutObject", put)
        says.send(number)
        snapshots._due = 0.0


def finds(state: Path) -> tuple[int, list[str], list[str]]:
    """Open the folder; return how many things of both kinds are there, which of them are wrong, and
    what was warned of."""
    warned: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: warned.append(record.getMessage())  # type: ignore[method-assign]  # a handler that only listens
    handler.setLevel(logging.WARNING)
    logging.getLogger("landrail").addHandler(handler)
    store = Store(state, SECRET)
    number, wrong = 0, []
    objects = store.execute(ACCOUNT, REGION, "s3", "ListObjectsV2", {"Bucket": BUCKET})
    while objects.get("IsTruncated"):
        more = {"Bucket": BUCKET, "StartAfter": objects["Contents"][-1]["Key"]}
        number += len(objects["Contents"])
        objects = store.execute(ACCOUNT, REGION, "s3", "ListObjectsV2", more)
    number += len(objects.get("Contents", []))
    for n in range(number):
        asked = {"Bucket": BUCKET, "Key": str(n)}
        found = store.execute(ACCOUNT, REGION, "s3", "GetObject", asked)["Body"].read()
        value = store.execute(ACCOUNT, REGION, "ssm", "GetParameter", {"Name": f"/n/{n}"})
        if found != body(n) or value["Parameter"]["Value"] != str(n):
            wrong.append(str(n))
    return number, wrong, warned


def killed(state: Path, dice: random.Random, first: int) -> int:
    """Let it work, kill it at a moment; return the last thing that was answered."""
    hears, says = SPAWN.Pipe(duplex=False)
    process = SPAWN.Process(target=works, args=(state, first, says))
    process.start()
    says.close()
    assert hears.recv() == -1
    last = hears.recv()  # under load it may take long to get something done
    time.sleep(dice.random())
    process.kill()
    process.join()
    try:
        while True:
            last = hears.recv()
    except EOFError:
        return last


def rounds(state: Path, seed: int, count: int) -> None:
    dice, first = random.Random(seed), 0
    for _ in range(count):
        last = killed(state, dice, first)
        assert last >= first
        with ProcessPoolExecutor(1, SPAWN) as process:
            there, wrong, warned = process.submit(finds, state).result()
        # What was on its way when it was killed may be there, or half of it: the parameter.
        assert there - 1 in (last, last + 1)
        assert (wrong, warned) == ([], [])
        first = there
    assert (state / "journal.snapshot").exists()


def test_what_was_answered_before_a_kill_is_there(tmp_path: Path) -> None:
    rounds(tmp_path, 5, 3)


@pytest.mark.soak
def test_what_was_answered_before_many_kills_is_there(tmp_path: Path) -> None:
    rounds(tmp_path, 6, 40)


def writes(running: server.Server, name: str, first: int, begun: Semaphore) -> int:
    """Write until the server is gone; return the last number that was answered."""
    ssm, s3 = running.client("ssm"), running.client("s3")
    number = first
    while True:
        value = {"Name": f"/load/{name}", "Value": str(number), "Type": "String"}
        try:
            ssm.put_parameter(**value, Overwrite=True)
            s3.put_object(Bucket=BUCKET, Key=f"{name}/{number}", Body=body(number))
        except (EndpointConnectionError, ConnectionClosedError, HTTPClientError):
            return number - 1
        if number == first:
            begun.release()
        number += 1


def load(state: Path, seed: int, count: int) -> None:
    """Kill a server under the load of eight clients, again and again."""
    dice = random.Random(seed)
    reached = {f"client{n}": -1 for n in range(8)}
    for time_of_it in range(count):
        with server.start(state) as running:
            if not time_of_it:
                where = {"LocationConstraint": REGION}
                s3 = running.client("s3")
                s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
            reached = killed_under_load(running, reached, dice)
        with server.start(state) as again:
            look(again, reached)
            assert again.stop() == 0
        assert " ERROR " not in (state / "server.log").read_text()


def killed_under_load(
    running: server.Server, reached: dict[str, int], dice: random.Random
) -> dict[str, int]:
    """Let clients write and kill the server; return what each was answered last."""
    begun = Semaphore(0)
    with ThreadPoolExecutor(len(reached)) as pool:
        working = {
            name: pool.submit(writes, running, name, last + 1, begun)
            for name, last in reached.items()
        }
        for _ in reached:
            assert begun.acquire(timeout=120)
        time.sleep(dice.random())
        running.kill()
        return {name: done.result() for name, done in working.items()}


def look(running: server.Server, reached: dict[str, int]) -> None:
    """See that everything that was answered is there."""
    s3, ssm = running.client("s3"), running.client("ssm")
    for name, last in reached.items():
        value = int(ssm.get_parameter(Name=f"/load/{name}")["Parameter"]["Value"])
        assert value in (last, last + 1)
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{name}/")
        there = {item["Key"] for page in pages for item in page["Contents"]}
        assert {f"{name}/{number}" for number in range(last + 1)} <= there
        read = s3.get_object(Bucket=BUCKET, Key=f"{name}/{last}")["Body"].read()
        assert read == body(last)


def test_what_was_answered_under_load_is_there_after_a_kill(tmp_path: Path) -> None:
    load(tmp_path, 7, 1)


@pytest.mark.soak
def test_what_was_answered_under_load_is_there_after_many_kills(tmp_path: Path) -> None:
    load(tmp_path, 8, 15)

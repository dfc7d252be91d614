"""The ways that the usual one is not: code over a connection, a development stage in each of the
two accounts, a champion to compare with, a rejection, files that are scored by shards."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from tests.kinds.kinds_world import CONNECTION, World
from tests.kinds.scoring import project
from tests.steps.steps_world import Steps, witnessed

_LONGEST = 120.0
_TABLE = "id,value\n" + "".join(f"i{number},{number}\n" for number in range(1, 101))


@contextlib.contextmanager
def travelled(folder: Path) -> Iterator[Steps]:
    """The platform of `further.yaml`, on which models have gone these ways."""
    hosted = folder / "hosted"
    World.host(hosted / "acme" / "wired.git")
    first = [["local", "connection", CONNECTION, str(hosted)]]
    with witnessed(folder, "further.yaml", first) as world:
        world.publish(text=_TABLE)
        with world.walking("tiny"):
            copy = project(world)
            commit = world.commit(copy)
            world.push(copy)
            world.travel("tiny", world.begun_with("tiny", commit))
        with world.walking("wired"):
            copy = world.begin("wired")
            world.git(copy, "remote", "add", "origin", str(hosted / "acme" / "wired.git"))
            world.travel("wired", _pushed(world, copy))
            _asked(world)
        with world.walking("wired"):
            # Other data: the champion is measured on it beside the candidate.
            world.publish(version="2", text=_TABLE)
            file = copy / "pyproject.toml"
            file.write_text(file.read_text().replace("numbers@1", "numbers@2"))
            world.travel("wired", _pushed(world, copy))
        with world.walking("wired"):
            _rejected(world)
        yield world


def _pushed(world: Steps, copy: Path) -> str:
    commit = world.commit(copy)
    world.git(copy, "push", "-q", "origin", "HEAD:refs/heads/trunk")
    return world.begun_with("wired", commit)


def _asked(world: Steps) -> None:
    """Ask production's endpoint; what it was asked is kept."""
    who, csv = "dee@retail-production", "text/csv"
    asking = world.client(who, "sagemaker-runtime")
    asking.invoke_endpoint(EndpointName="wired", ContentType=csv, Accept=csv, Body="value\n7\n")
    s3, bucket = world.client(who, "s3"), world.filled("steps-stage-{retail-production}")
    until = time.monotonic() + _LONGEST
    while not s3.list_objects_v2(Bucket=bucket, Prefix="capture/wired/")["KeyCount"]:
        assert time.monotonic() < until, "nothing is kept of what the endpoint is asked"
        time.sleep(0.3)


def _rejected(world: Steps) -> None:
    """The same commit again, begun by one engineer and rejected by another."""
    world.succeed("wired", world.start("wired"))
    release = world.released("wired")
    world.approve("wired-release", release, "fay", "Rejected")
    assert world.end("wired-release", release) == "Failed"
    until = time.monotonic() + _LONGEST
    while world.versions("wired")[-1]["ModelApprovalStatus"] != "Rejected":
        assert time.monotonic() < until, "the rejection is not recorded"
        time.sleep(0.5)

"""An apply that is stopped, killed, or loses its local AWS: the next one goes on."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable

import boto3
import pytest

from landrail.operations.enter import enter
from landrail.operations.turn import turn

from .alike import alike
from .conftest import SMALL, Folder
from .inventory import inventory


def whole(folder: Folder) -> None:
    """The platform stands as an undisturbed apply leaves it: nothing twice, nothing to do."""
    assert folder.pending() == []
    environment = enter(folder.file, "break-glass@management").environment
    organizations = boto3.Session(
        environment["AWS_ACCESS_KEY_ID"],
        environment["AWS_SECRET_ACCESS_KEY"],
        environment["AWS_SESSION_TOKEN"],
        region_name="eu-west-1",
    ).client("organizations", endpoint_url=environment["AWS_ENDPOINT_URL"])
    accounts = organizations.list_accounts()["Accounts"]
    members = sorted(a["Name"] for a in accounts if a["Id"] != environment["LANDRAIL_ACCOUNT_ID"])
    assert members == ["audit", "log-archive", "shared-prod"]
    assert len({a["Email"].lower() for a in accounts}) == len(accounts) == 4


def test_one_command_at_a_time_changes_a_platform(folder: Folder) -> None:
    with turn(folder.file, "apply"):
        for words in (
            ("apply", "--auto-approve"),
            ("destroy", "--confirm", "small"),
            ("local", "stop"),
            ("local", "reset", "--yes"),
        ):
            code, said = folder.run(*words)
            assert code == 1
            assert f"landrail apply (process {os.getpid()}) is at work" in said
            assert "nothing was changed" in " ".join(said.split())
    assert "it was not running" in folder.done("local", "stop")


def test_the_first_interrupt_finishes_what_is_in_flight(folder: Folder) -> None:
    first = folder.apply_until(1)
    first.send_signal(signal.SIGINT)
    said, _ = first.communicate()
    assert first.returncode == 130, said
    assert "finishing what is in flight" in said
    assert "go on with:  landrail apply" in said
    folder.done("apply", "--auto-approve")
    whole(folder)


@pytest.mark.soak
@pytest.mark.parametrize("changes", [1, 20])
def test_a_killed_apply_is_gone_on_with(folder: Folder, changes: int) -> None:
    first = folder.apply_until(changes)
    first.kill()
    first.communicate()
    folder.done("apply", "--auto-approve")
    whole(folder)


def killed(folder: Folder, changes: int) -> None:
    """Kill the local AWS in the middle of an apply, and apply again."""
    first = folder.apply_until(changes)
    folder.kill_server()
    said, _ = first.communicate()
    assert first.returncode == 1, said
    assert "Traceback" not in said
    assert "go on with:  landrail apply" in said
    folder.done("apply", "--auto-approve")
    whole(folder)


def test_an_apply_whose_local_aws_is_killed_is_gone_on_with(folder: Folder) -> None:
    killed(folder, 22)


def made(folder: Folder) -> Counter[str]:
    """What stands in the platform, but for what chance and the clock decide."""
    seen = inventory(folder.file, ["management", "shared-prod"])
    listed = seen["management organizations ListAccounts"]["Accounts"]
    return alike(seen, {a["Id"]: a["Name"] for a in listed})


def same(one: Folder, other: Folder) -> None:
    """Two platforms differ in nothing that stands."""
    wanted, found = made(one), made(other)
    assert (sorted(wanted - found), sorted(found - wanted)) == ([], [])


def disturbed(folder: Folder, kills: int, seed: int) -> None:
    """Kill an apply, or its local AWS, or both, at moments of the seed; each time, apply again."""
    dice = random.Random(seed)
    while kills:
        process = folder.begin("apply", "--auto-approve")
        assert process.stdout is not None
        left = dice.choice((0, 0, 1, 2))
        while left and (line := process.stdout.readline()):
            left -= line.startswith("  done")
        time.sleep(dice.random() * (1.5 if kills % 5 == 0 else 0.3))
        victim = dice.choice(("server", "apply", "both"))
        if victim != "apply":
            kills -= folder.kill_server()
        if victim != "server":
            kills -= process.poll() is None and victim == "apply"
            process.kill()
        said, _ = process.communicate()
        assert "Traceback" not in said
        kills = max(kills, 0)
    folder.done("apply", "--auto-approve")
    whole(folder)


@pytest.mark.soak
@pytest.mark.parametrize("kills", [5, 20])
def test_kills_make_no_difference(make_folder: Callable[[str], Folder], kills: int) -> None:
    undisturbed, killed = make_folder(SMALL), make_folder(SMALL)
    undisturbed.done("apply", "--auto-approve")
    disturbed(killed, kills, 3)
    same(undisturbed, killed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2))
def test_many_kills_make_no_difference(make_folder: Callable[[str], Folder], seed: int) -> None:
    undisturbed, killed = make_folder(SMALL), make_folder(SMALL)
    undisturbed.done("apply", "--auto-approve")
    disturbed(killed, 30, 100 + seed)
    same(undisturbed, killed)


@pytest.mark.soak
@pytest.mark.parametrize("changes", range(2, 40, 4))
def test_wherever_the_local_aws_is_killed_the_next_apply_goes_on(
    folder: Folder, changes: int
) -> None:
    killed(folder, changes)


def test_a_destroy_that_is_stopped_is_gone_on_with_and_apply_brings_everything_back(
    folder: Folder,
) -> None:
    folder.done("apply", "--auto-approve")
    first = folder.begin("destroy", "--confirm", "small")
    assert first.stdout is not None
    while not first.stdout.readline().startswith("  done"):
        pass
    first.kill()
    first.communicate()
    folder.done("destroy", "--confirm", "small")
    folder.done("local", "stop")
    folder.done("apply", "--auto-approve")
    whole(folder)

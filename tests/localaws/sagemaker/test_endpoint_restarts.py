"""A deployment goes on after the server was killed, and never are two versions live by accident."""

from __future__ import annotations

import dataclasses
import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from endpoint_site import Site, blue_green, rolling
from sagemaker_studio import make_studio

from landrail.localaws.store import Tables

REGION = "eu-west-1"


def test_deployments_go_on_where_they_were(start_local_aws, tmp_path, unique):
    cloud, process = start_local_aws(tmp_path)
    site = Site(make_studio(cloud, cloud.account("production")), unique)
    canary, rolled, back, late = (
        site.endpoint(site.config("blue", count=count)) for count in (1, 2, 1, 1)
    )
    alarm = site.alarm()
    green = {name: site.config("green", count=n) for name, n in ((canary, 1), (rolled, 2))}
    site.update(
        canary, green[canary], DeploymentConfig=blue_green("CANARY", wait=10, CanarySize=25)
    )
    site.update(rolled, green[rolled], DeploymentConfig=rolling(wait=10, MaximumBatchSize=1))
    deployment = blue_green("CANARY", alarm, wait=3000, CanarySize=50)
    site.update(back, site.config("green"), DeploymentConfig=deployment)
    deployment = blue_green("CANARY", wait=500, CanarySize=50)
    deployment["BlueGreenUpdatePolicy"]["MaximumExecutionTimeoutInSeconds"] = 600
    site.update(late, site.config("green"), DeploymentConfig=deployment)
    for name in (canary, rolled, back, late):
        site.reached(name, "Baking")
    process.send_signal(signal.SIGKILL)
    process.wait()
    began_earlier(tmp_path, site.studio.account, late, 601)

    cloud, process = start_local_aws(tmp_path)
    studio = site.studio
    administrator = cloud.administrator(studio.account)
    site = Site(dataclasses.replace(studio, cloud=cloud, session=administrator, clients={}), unique)
    assert site.reached(back, "Baking")["EndpointStatus"] == "Updating"
    assert site.colours(back, 4) == {"blue": 2, "green": 2}
    site.set_alarm(alarm, "ALARM")
    for name in (canary, rolled):
        after = site.settled(name)
        assert (after["EndpointStatus"], after["EndpointConfigName"]) == ("InService", green[name])
        assert site.colours(name, 4) == {"green": 4}
    after = site.settled(late)
    assert "MaximumExecutionTimeoutInSeconds (600)" in after["FailureReason"]
    assert site.colours(late, 4) == {"blue": 4}
    after = site.settled(back)
    assert after["EndpointConfigName"].startswith("blue")
    assert alarm in after["FailureReason"]
    assert site.colours(back, 4) == {"blue": 4}
    assert len(list((tmp_path / "sagemaker/hosting").iterdir())) == 4
    process.terminate()
    process.wait()
    assert not running_below(tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(4))
def test_a_kill_at_any_moment_leaves_one_version(start_local_aws, tmp_path, unique, seed):
    chance = random.Random(seed)
    cloud, process = start_local_aws(tmp_path)
    site = Site(make_studio(cloud, cloud.account("production")), unique)
    name = site.endpoint(site.config("blue", count=2))
    serving = "blue"
    for _ in range(6):
        colour = chance.choice(("green", "blue", "red"))
        deployment = chance.choice(
            (
                blue_green("CANARY", wait=1, end=1, CanarySize=50),
                blue_green("LINEAR", wait=1, LinearStepSize=30),
                rolling(wait=1, MaximumBatchSize=1),
            )
        )
        site.update(name, site.config(colour, count=2), DeploymentConfig=deployment)
        time.sleep(chance.uniform(0, 4))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert not running_below(tmp_path)
        cloud, process = start_local_aws(tmp_path)
        studio = site.studio
        session = cloud.administrator(studio.account)
        again = dataclasses.replace(studio, cloud=cloud, session=session, clients={})
        site = Site(again, unique)
        after = site.settled(name)
        assert after["EndpointStatus"] == "InService", after
        assert after["EndpointConfigName"].startswith(colour), (serving, after)
        assert site.colours(name, 6) == {colour: 6}
        assert len(list((tmp_path / "sagemaker/hosting").iterdir())) == 1
        serving = colour


def began_earlier(state: Path, account: str, name: str, seconds: float) -> None:
    """Let a deployment have begun before it did, as if the server had been off for so long."""

    def change(endpoint: dict[str, Any]) -> dict[str, Any]:
        endpoint["_next"]["began"] -= seconds
        return endpoint

    tables = Tables(state / "tables.sqlite")
    tables.table("sagemaker.endpoint").update(account, REGION, name, change=change)
    tables.close()


def running_below(folder: Path) -> list[str]:
    """The command lines of processes that still work in a folder after a moment."""
    for _ in range(50):
        found = _running_below(folder)
        if not found:
            break
        time.sleep(0.1)
    return found


def _running_below(folder: Path) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(folder) in words and int(entry.name) != os.getpid():
            found.append(words)
    return found

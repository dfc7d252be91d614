"""A demo that stands is afterwards what it was before: stopped and started, or killed."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import Any

import pytest

from tests.durability.inventory import differences, inventory
from tests.e2e.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")

ACCOUNTS = [
    *("management", "shared-prod", "data-prod"),
    *("passengers-data-science", "passengers-uat", "passengers-production"),
]


def see(demo: Demo) -> dict[str, Any]:
    """Everything, but for when an endpoint was last brought up."""
    for account in ("passengers-uat", "passengers-production"):
        _in_service(demo, account)
    found = inventory(demo.file, ACCOUNTS)
    for key, answer in found.items():
        if " DescribeEndpoint " in key:
            answer.pop("LastModifiedTime")
            for variant in answer["ProductionVariants"]:
                variant.pop("DeployedImages")
        if key.endswith(" ListEndpoints"):
            for endpoint in answer.get("Endpoints", []):
                endpoint.pop("LastModifiedTime")
    return found


def _in_service(demo: Demo, account: str) -> None:
    for _ in range(600):
        told = demo.aws(f"dee@{account}", "sagemaker", "list-endpoints")["Endpoints"]
        if told and all(e["EndpointStatus"] == "InService" for e in told):
            return
        time.sleep(0.2)
    raise AssertionError(f"the endpoints of {account} are not in service")


@pytest.mark.soak
def test_everything_of_the_demo_is_there_after_a_stop_and_after_a_kill(demo: Demo) -> None:
    before = see(demo)
    demo.run("local", "stop")
    demo.run("local", "start")
    assert differences(before, see(demo)) == []
    facts = json.loads((demo.folder / ".landrail/server.json").read_text())
    os.kill(facts["pid"], signal.SIGKILL)
    demo.run("local", "start")
    assert differences(before, see(demo)) == []
    assert demo.plan() == {}

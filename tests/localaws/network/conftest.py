"""The network that the tests of this folder share, and listeners as `landrail as --network` has
them."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from network_places import REGION, Place, make_place


@pytest.fixture(scope="session")
def place(local_aws: Any) -> Place:
    """The account and network that the tests share."""
    return make_place(local_aws, local_aws.account("networked"))


Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(local_aws: Any) -> Ask:
    """Ask the server for a listener; returns its answer."""

    def send(**asked: Any) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{local_aws.endpoint}/_landrail/network",
            data=json.dumps(asked).encode() if asked else None,
            headers={
                "Authorization": f"Bearer {local_aws.secret}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    return send


@pytest.fixture
def inside(place: Place, ask: Ask) -> Callable[..., str]:
    """Open a listener for this process in the network; returns its URL."""

    def opened(subnet: str | None = None, pid: int | None = None) -> str:
        answer = ask(
            account=place.account,
            region=REGION,
            role=place.role,
            place=subnet or place.subnet,
            pid=pid or os.getpid(),
        )
        return str(answer["endpoint"])

    return opened

"""One local AWS for the tests of this folder, and people in its accounts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.clients.clients_world import Person, World, build, start_server


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The local AWS that the tests of a session share."""
    where = tmp_path_factory.mktemp("clients")
    home = where / "home"
    home.mkdir()
    process, document = start_server(where / "state")
    try:
        yield build(document, where / "state", home)
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="session")
def admin(world: World) -> Person:
    """The administrator of the member account `workload`."""
    return world.enter("workload", "OrganizationAccountAccessRole")


@pytest.fixture(scope="session")
def reader(world: World) -> Person:
    """Who may read everything in the member account `workload`."""
    return world.enter("workload", "reader")

"""One local AWS for the tests of this folder, and people in its accounts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.clients.clients_world import Person, World, build, start_server
from tests.clients.terraforming import Run, Terraform, prepare


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What looks at the airline's platform as applied comes before what changes it."""
    items.sort(key=lambda item: item.path.name != "test_prowler.py")


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


@pytest.fixture(scope="session", autouse=True)
def applying(
    world: World, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Terraform, Run] | str]:
    """Terraform's apply of the baseline, or why there is none. It waits for most of its time: so
    it begins with the first test of this folder, and goes on beside the others."""
    if not any(item.name.startswith("test_the_baseline") for item in request.session.items):
        yield "not asked for"
        return
    terraform = prepare(tmp_path_factory.mktemp("terraform") / "baseline")
    if isinstance(terraform, str):
        yield terraform
        return
    admin = world.enter("baseline", "OrganizationAccountAccessRole")
    run = terraform.begin(admin, "apply", "-auto-approve")
    yield terraform, run
    run.stop()

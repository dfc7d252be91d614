"""One platform for the tests of this folder, on which a model has gone all the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.steps.steps_world import Steps, witnessed


@pytest.fixture(scope="session")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Steps]:
    """The platform, with a version of the model in production."""
    with witnessed(tmp_path_factory.mktemp("steps")) as world:
        world.publish()
        world.publish("cases")
        with world.walking("tiny"):
            copy = world.begin("tiny")
            commit = world.commit(copy)
            world.push(copy)
            world.travel("tiny", world.begun_with("tiny", commit))
        yield world

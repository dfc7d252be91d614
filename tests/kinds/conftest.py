"""One small platform for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.airline import standing
from tests.kinds.kinds_world import CONNECTION, HERE, World

collect_ignore = ["tiny"]
"""A model's project: its tests are its pipeline's."""


@pytest.fixture(scope="session")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The platform of `landrail.yaml` of this folder, with its data published and a host that
    stands for the connection."""
    folder = tmp_path_factory.mktemp("kinds")
    hosted = folder / "hosted"
    World.host(hosted / "acme" / "wired.git")
    text = (HERE / "landrail.yaml").read_text(encoding="utf-8")
    first = [["local", "start"], ["local", "connection", CONNECTION, str(hosted)]]
    with standing(folder, text, first) as platform:
        world = World(platform, folder)
        world.publish()
        yield world

"""The platform of `tower_platform`, once for each way of governance."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moving_platform import Moved, move
from tower_platform import Standing, fall, stand

WAYS = {
    "none": ("", ()),
    "3.3": ("3.3", ()),
    "4.0": ("4.0", ()),
    "4.0-without-logging": ("4.0", ("logging",)),
    "4.0-without-config": ("4.0", ("config",)),
    "4.0-controls-only": ("4.0", ("config", "logging")),
}


_SOAKED = ("4.0-without-logging", "4.0-without-config")


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(way, marks=pytest.mark.soak) if way in _SOAKED else way for way in sorted(WAYS)
    ],
)
def standing(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Standing]:
    """An applied platform."""
    folder = tmp_path_factory.mktemp("governed")
    version, without = WAYS[request.param]
    try:
        yield stand(folder, version, without)
    finally:
        fall(folder)


@pytest.fixture(scope="session", params=["3.3", pytest.param("4.0", marks=pytest.mark.soak)])
def moved(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Moved]:
    """A platform that was applied without Control Tower, moved onto a landing zone."""
    folder = tmp_path_factory.mktemp("moving")
    try:
        yield move(folder, request.param)
    finally:
        fall(folder)

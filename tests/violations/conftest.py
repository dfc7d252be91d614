"""One platform that stands, for the violations."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from landrail.operations import local

from .violations_platform import Airline

_EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "airline" / "landrail.yaml"


@pytest.fixture(scope="module")
def airline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airline]:
    """The platform of the example, as applied."""
    folder = tmp_path_factory.mktemp("violated")
    shutil.copy(_EXAMPLE, folder)
    platform = Airline(folder / _EXAMPLE.name)
    try:
        result = platform.apply()
        assert result.ok, (result.failed, result.skipped)
        yield platform
    finally:
        local.stop(folder / ".landrail")

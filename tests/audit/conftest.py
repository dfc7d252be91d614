"""One platform that stands on a local AWS of its own, shared by the tests that audit for real."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from audit_platform import FILE, Standing

from landrail.operations import local


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """A platform that stands."""
    folder = tmp_path_factory.mktemp("audited")
    file = folder / "landrail.yaml"
    file.write_text(FILE, encoding="utf-8")
    standing = Standing(file)
    try:
        result = standing.apply()
        assert result.ok, (result.failed, result.skipped)
        yield standing
    finally:
        local.stop(folder / ".landrail")

"""One platform on a local AWS of its own, for the tests of the guardrails of S3."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from guarded_world import TEXT, World
from tests.audit.audit_platform import Standing

from landrail.operations import local


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A platform that stands under the recommended guardrails."""
    folder = tmp_path_factory.mktemp("guarded")
    file = folder / "landrail.yaml"
    file.write_text(TEXT, encoding="utf-8")
    standing = Standing(file)
    try:
        result = standing.apply()
        assert result.ok, (result.failed, result.skipped)
        yield World(standing)
    finally:
        local.stop(folder / ".landrail")

"""The account that the tests of this folder share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sagemaker_studio import Studio, make_studio


@pytest.fixture(scope="session")
def studio(local_aws: Any) -> Studio:
    """The account that the tests share."""
    return make_studio(local_aws, local_aws.account("data-science"))


@pytest.fixture
def start_local_aws(request: pytest.FixtureRequest) -> Iterator[Callable[[Path], tuple[Any, Any]]]:
    """Start a server of this test's own over a state folder; it ends with the test."""
    shared = request.config.pluginmanager.get_plugin(str(Path(__file__).parents[1] / "conftest.py"))
    started = []

    def start(state: Path) -> tuple[Any, Any]:
        process, document = shared.start_server(state, "--port", "0")
        started.append(process)
        return shared.under_test(document, state), process

    yield start
    for process in started:
        if process.poll() is None:
            shared.stop_server(process)

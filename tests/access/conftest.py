"""The airline's platform for the tests of this folder, by a shorter name."""

from __future__ import annotations

import pytest

from tests.airline import REGION, Outcome, Platform

__all__ = ["REGION", "Outcome", "Platform"]


@pytest.fixture(scope="session")
def platform(airline: Platform) -> Platform:
    """The platform of the example."""
    return airline

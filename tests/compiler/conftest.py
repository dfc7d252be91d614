"""Platforms of several sizes for the tests of the compiler."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from compiled_world import World

from landrail.compiler import compile_platform
from landrail.resources import Wanted
from landrail.spec import Platform

Build = Callable[..., Platform]


def platform_of(lines: list[str], **changes: Any) -> Platform:
    """Return a platform with a team, a data set and a model for each line of business."""
    content: dict[str, Any] = {
        "platform": "acme-ml",
        "region": "eu-west-1",
        "email": "aws+{account}@acme.example",
        "lines_of_business": lines,
        "operators": ["olga"],
        "security": ["sam"],
        "break_glass": ["bea"],
        "administrators": ["adam"],
        "auditors": ["audrey"],
        "teams": {
            f"team-{lob}": {
                "lob": lob,
                "scientists": [f"ana.{lob}", f"ben.{lob}", f"cleo.{lob}"],
                "mlops": [f"dee.{lob}"],
                "data_engineers": ["eli"],
            }
            for lob in lines
        },
        "datasets": {
            "common": {"owner": "data", "share": lines, "expires": "2027-06-30"},
            **{f"only-{lob}": {"owner": "data", "share": [lob]} for lob in lines},
        },
        "models": {f"model-{lob}": {"team": f"team-{lob}"} for lob in lines},
    }
    return Platform.model_validate({**content, **changes})


@pytest.fixture(scope="session")
def build() -> Build:
    return platform_of


@pytest.fixture(scope="session")
def two() -> Wanted:
    return compile_platform(platform_of(["retail", "risk"]))


@pytest.fixture(scope="session")
def world(two: Wanted) -> World:
    return World(two)

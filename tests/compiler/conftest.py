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


EVERY_KIND: dict[str, Any] = {
    "all": {
        "team": "team-retail",
        "pipelines": {
            "end-to-end": {"retry": "failed"},
            "image": {"schedule": "rate(1 day)"},
            "training": {"mode": "parallel", "schedule": "cron(0 3 ? * MON *)"},
            "registration": {},
            "deployment": {"mode": "queued"},
        },
        "development": "data-science",
        "parameters": {"depth": "3", "rate": "0.1"},
        "schedule": "rate(7 days)",
        "approve": {"by": "mlops", "within": "12h"},
    },
    "wired": {
        "team": "team-retail",
        "repo": {
            "connection": "arn:aws:codeconnections:eu-west-1:111122223333:connection/0f1e2d3c",
            "id": "acme/wired",
        },
        "branch": "live",
        "paths": ["src/**"],
        "development": "development",
    },
}
"""Models with every kind of pipeline, trigger and stage."""


@pytest.fixture(scope="session")
def build() -> Build:
    return platform_of


@pytest.fixture(scope="session")
def two() -> Wanted:
    return compile_platform(platform_of(["retail", "risk"]))


@pytest.fixture(scope="session")
def every_kind() -> Wanted:
    return compile_platform(platform_of(["retail"], development=["retail"], models=EVERY_KIND))


@pytest.fixture(scope="session")
def world(two: Wanted) -> World:
    return World(two)

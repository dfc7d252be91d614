"""For every test: nothing of the ambient AWS configuration, and no connection off this machine.

The tests of `e2e` fill the ambient configuration in on purpose; these here must not depend on it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from _pytest.nodeid import NodeId
from hypothesis import settings

from tests.airline import airline
from tests.e2e.watch import sitecustomize

__all__ = ["airline"]

for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ["AWS_CONFIG_FILE"] = os.devnull
os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"

sitecustomize.watch()

_TOGETHER = ("audit", "control_tower", "localaws/inventory", "operations", "s3_guardrails")
"""Folders whose tests share what is dear to make: platforms that stand, a world."""
_LONG = ("access", "e2e", "violations", "control_tower", "s3_guardrails", "clients", "durability")
"""Folders that take minutes: begun first, so that none is left to one process at the end."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of a group, or else of a module, in one process: where several processes share
    the work, each makes the fixtures of every module that it has a test of."""
    if getattr(config.option, "loadgroup", False):
        for item in items:
            group = _group(item)
            if not item.nodeid.endswith(f"@{group}"):
                # What xdist 3.8 itself writes the group to, pytest 9.2 does not read any more.
                item._id = NodeId.parse(f"{item.nodeid}@{group}")
    items.sort(key=lambda item: not _module(item).startswith(tuple(f"{one}/" for one in _LONG)))


def _group(item: pytest.Item) -> str:
    mark = item.get_closest_marker("xdist_group")
    if mark is not None:
        return str(mark.args[0])
    module = _module(item)
    return next((folder for folder in _TOGETHER if module.startswith(f"{folder}/")), module)


def _module(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).as_posix()


# No test fails for its time: a first example that loads data is slow, not wrong.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

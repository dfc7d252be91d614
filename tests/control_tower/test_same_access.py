"""The access matrix, row by row and by real calls, on a platform that nobody governs and on the
landing zones: what a role may does not depend on who keeps the trail and the recorders.

Here it is tried for the accounts that stand, by the roles of their baselines; for all roles of the
whole example by `tests/access`, in the soak.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from tests.access.matrix_data import Act, Table, acts, tables
from tests.access.matrix_run import Stage, of_standing_roles, tried, wrong
from tests.access.matrix_stage import own_things
from tests.airline import Platform
from tower_platform import ACCOUNTS, Standing

from landrail.operations.server import require

pytestmark = pytest.mark.xdist_group("control-tower")

_ACTS = acts()
_TABLES = {kind: table for kind, table in tables().items() if table.account in ACCOUNTS}
_GIVEN = {"account", "region", "cell", "recorder", *ACCOUNTS}
_NOT_THERE = ("enter-staging-role",)
"""What is about a role that the accounts here do not have."""


@pytest.fixture(scope="session")
def stage(standing: Standing) -> Stage:
    """The platform, with things of the accounts' own that the acts are about."""
    seen = standing.seen
    ids = {name: seen.observed.accounts[name].account_id for name in ACCOUNTS}
    server = require(seen.project.state)
    made = Stage(Platform(standing.file, server, seen.target, seen.wanted, ids))
    for table in _TABLES.values():
        own_things(made, made.identity(table.account, "break-glass"), ids[table.account])
    return made


@pytest.mark.parametrize("kind", sorted(_TABLES))
def test_every_role_may_the_same(stage: Stage, kind: str) -> None:
    table = _standing(stage, _TABLES[kind])
    cells = tried(stage, table, _ACTS)
    assert len(cells) == len(table.roles) * len(table.rows) > 150
    assert wrong(stage, table, cells) == []


def _standing(stage: Stage, table: Table) -> Table:
    """The table with the roles and the acts for which everything is there."""
    given = _GIVEN | (set(table.facts) if table.kind == "log-archive" else set())
    rows = {
        name: row
        for name, row in table.rows.items()
        if name not in _NOT_THERE and _named(_ACTS[name]) <= given
    }
    return of_standing_roles(stage, dataclasses.replace(table, rows=rows))


def _named(act: Act) -> set[str]:
    """The names that an act has filled in."""
    return set(_texts([step.params for step in (act.step, act.before) if step is not None]))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return re.findall(r"\{([a-z-]+)\}", value)
    inner = value.values() if isinstance(value, dict) else value
    return [name for one in inner for name in _texts(one)] if isinstance(value, dict | list) else []

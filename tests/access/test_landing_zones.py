"""The whole access matrix on landing zones of Control Tower: the same rows as without one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.airline import standing_airline

from .matrix_data import acts, tables
from .matrix_run import Stage, of_standing_roles, tried, wrong
from .matrix_stage import staged

pytestmark = [pytest.mark.soak, pytest.mark.xdist_group("access-landing-zones")]

_ACTS = acts()
_TABLES = tables()


@pytest.fixture(scope="module", params=["3.3", "4.0", "4.0 --without logging"])
def stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """The platform of the example on a landing zone."""
    with standing_airline(tmp_path_factory.mktemp("landing"), request.param) as platform:
        yield staged(platform, _TABLES)


@pytest.mark.parametrize("kind", _TABLES)
def test_every_role_may_the_same_on_a_landing_zone(stage: Stage, kind: str) -> None:
    whole = _TABLES[kind]
    table = of_standing_roles(stage, whole)
    assert set(whole.roles) - set(table.roles) <= {"config-recorder"}
    cells = tried(stage, table, _ACTS)
    assert len(cells) == len(table.roles) * len(table.rows)
    assert wrong(stage, table, cells) == []

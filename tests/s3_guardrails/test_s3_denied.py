"""The guardrails of S3 prevent: an administrator with AdministratorAccess goes none of the ways,
and what is right beside them is let past."""

from __future__ import annotations

import pytest
from guarded_world import World
from ways import WAYS, Way, names_of

ACCOUNT = "retail-uat"


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_an_administrator_is_refused_and_the_right_thing_is_not(way: Way, world: World) -> None:
    administrator, break_glass = world.administrator(ACCOUNT), world.break_glass(ACCOUNT)
    names = names_of(break_glass, way)
    for call, params in way.calls("ready", names):
        break_glass.call(call, params)
    for call, params in way.calls("calls", names):
        said = administrator.refusal(call, params)
        assert said.startswith(way.code), (call, said)
        assert way.refused in said, (call, said)
        if way.never:
            assert break_glass.refusal(call, params), (call, params)
    for call, params in way.calls("twin", names):
        assert administrator.refusal(call, params) == ""

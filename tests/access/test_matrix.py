"""Who may do what, by real calls: each forbidden act beside a twin that is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import REGION, Outcome, Platform

pytestmark = pytest.mark.xdist_group("access")

_ROWS = yaml.safe_load((Path(__file__).parent / "matrix.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", _ROWS, ids=[row["what"] for row in _ROWS])
def test_a_forbidden_act_is_denied_and_its_twin_is_not(
    platform: Platform, row: dict[str, Any]
) -> None:
    act, twin = row["denied"], row["allowed"]
    got = _made(platform, act)
    assert got.denied, (act, got)
    assert got.by == act["by"], got.message
    got = _made(platform, twin)
    assert not got.denied, got.message
    assert got.code == twin.get("answers"), got.message


def _made(platform: Platform, act: dict[str, Any]) -> Outcome:
    return platform.call(act["as"], act["call"], act.get("with", {}), act.get("region", REGION))

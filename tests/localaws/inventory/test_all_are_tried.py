"""No table is left out: each is read from something really there, or from AWS's answers."""

from __future__ import annotations

from pathlib import Path

from made_account import SWITCHED
from test_made import MADE

from landrail.inventory.catalogue import tables
from landrail.rules.catalogue import rules

_ANSWERS = Path(__file__).resolve().parents[2] / "inventory" / "answers"


def test_every_table_is_tried():
    made = {one.table for one in MADE}
    switched = {rules()[rule].table for one in SWITCHED for rule in one.rules}
    answered = {file.stem for file in _ANSWERS.glob("*.yaml")}
    # Trails are tried by a test of their own.
    assert set(tables()) - made - switched - answered == {"cloudtrail_trails"}

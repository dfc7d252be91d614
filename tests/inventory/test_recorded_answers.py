"""What Config records of AWS's answers tells the rows that the answers tell, as far as it is
recorded: for the tables of which nothing can be made locally."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from inventory_answers import ACCOUNT, ANSWERS, OURS, Answering, recorded

from landrail.inventory.catalogue import tables
from landrail.inventory.record import item_of
from landrail.inventory.recorded import read, records
from landrail.localaws.services.config.items import item_of as written
from landrail.localaws.services.config.items import shown

UNLIKE = ("configuration", "created")
"""Columns that are told in other words."""
NAMES = sorted({file.stem for file in ANSWERS.glob("*.yaml")} & {*records()})


@pytest.mark.parametrize("name", NAMES)
def test_a_record_of_the_answers_tells_the_same(name: str) -> None:
    table, record = tables()[name], records()[name]
    rows = list(table.rows(Answering(recorded(name)["answers"])))
    items = [
        item_of(json.loads(json.dumps(shown(written(row, "OK", 0.0, "DAILY")), default=str)))
        for row in rows
    ]
    found = list(read(table, record, (ACCOUNT, "eu-west-1"), OURS, items))
    live = {row["resource_id"]: row for row in rows}
    assert live
    assert {one.resource_id for one in found} == live.keys()
    for one in found:
        assert one.row is not None, one.refused
        assert _told(one.row, one.unknown) == _told(live[one.resource_id], one.unknown)
        told = {*record.only_where.values()}
        possible = {column for columns in told for column in columns} | record.never
        assert one.unknown <= possible | {"customer_key"}


def _told(row: Any, unknown: frozenset[str]) -> dict[str, Any]:
    return {
        name: str(given) if isinstance(given, datetime) else given
        for name, given in row.items()
        if name not in UNLIKE and name not in unknown
    }

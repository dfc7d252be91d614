"""Tables by what AWS answers, for what the local AWS does not have: rows and findings."""

from __future__ import annotations

import json

import pytest
from inventory_answers import ANSWERS, Answering, recorded

from landrail.inventory.catalogue import tables
from landrail.rules.catalogue import rules
from landrail.rules.columns import columns
from landrail.rules.engine import connect, load, wrong

NAMES = sorted(file.stem for file in ANSWERS.glob("*.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_what_aws_says(name):
    file = recorded(name)
    rows = list(tables()[name].rows(Answering(file["answers"])))
    named = {row["resource_name"]: row for row in rows}
    assert set(named) == set(file["rows"])
    for resource, expected in file["rows"].items():
        assert {column: named[resource][column] for column in expected} == expected
    known = {column.name for column in tables()[name].every_column}
    assert all(set(row) == known for row in rows)
    for secret in file.get("absent", ()):
        assert secret not in json.dumps(rows, default=str)


@pytest.mark.parametrize(
    ("name", "rule"), [(name, rule) for name in NAMES for rule in recorded(name)["findings"]]
)
def test_the_bad_one_is_found(name, rule):
    file, table = recorded(name), tables()[name]
    rows = table.rows(Answering(file["answers"]), columns=columns(rules()[rule]))
    with connect() as database:
        load(database, table, rows)
        found = {one.resource_name for one in wrong(database, rules()[rule])}
    assert found == {file.get("bad", "bad")}

"""Every rule by rows from a file: what it says of them is what AWS documents, by DuckDB itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from landrail.inventory.catalogue import tables
from landrail.rules.catalogue import rules
from landrail.rules.columns import columns
from landrail.rules.engine import about, connect, load, wrong

_CASES = Path(__file__).parent / "cases"
_AGO = re.compile(r"(\d+) days ago")
_SAID = {"wrong": (True, True), "right": (False, True), "aside": (False, False)}


def _cases() -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    for file in sorted(_CASES.glob("*.yaml")):
        yield from yaml.safe_load(file.read_text(encoding="utf-8")).items()


CASES = list(_cases())


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    return connect()


def _row(given: Mapping[str, Any]) -> dict[str, Any]:
    row = {"account_id": "111122223333", "region": "eu-west-1", "resource_id": "it", **given}
    for name, value in row.items():
        if isinstance(value, str) and (found := _AGO.fullmatch(value)):
            row[name] = datetime.now(UTC) - timedelta(days=int(found[1]))
    return row


@pytest.mark.parametrize(("name", "cases"), CASES, ids=[name for name, _ in CASES])
def test_a_rule_says_what_it_should(name, cases, database):
    rule = rules()[name]
    table = tables()[rule.table]
    for case in cases:
        (said,) = set(case) - {"with"}
        parameters = case.get("with", {})
        known = {column.name for column in table.every_column}
        assert set(case[said]) <= known, f"{rule.table} has not these columns: {case}"
        assert set(parameters) <= set(rule.parameters)
        load(database, table, [_row(case[said])])
        found = bool(list(wrong(database, rule, parameters)))
        assert (found, bool(about(database, rule, parameters))) == _SAID[said], case


def test_every_rule_has_cases_of_both_kinds():
    both = {
        name
        for name, cases in CASES
        if any("wrong" in c for c in cases) and any("right" in c for c in cases)
    }
    assert both == set(rules())


def test_every_column_that_a_rule_reads_is_in_its_cases():
    named = {"account_id", "region", "resource_id", "arn"}
    for name, cases in CASES:
        told = {column for case in cases for key in _SAID for column in case.get(key) or {}}
        assert columns(rules()[name]) - named <= told, name

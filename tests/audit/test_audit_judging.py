"""Rules over Parquet files: what is found, where a guardrail is in force, and the same in one
statement for Athena."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import duckdb
import pytest
from made import NOW, PRODUCTION, UAT, check

from landrail.inventory.catalogue import tables
from landrail.operations.audit.judging import judge, statement
from landrail.operations.audit.scope import Check
from landrail.operations.audit.storing import Rows, database, source
from landrail.rules.catalogue import rules

BUCKETS = tables()["s3_buckets"]
VERSIONING = "s3-bucket-versioning-enabled"


def bucket(name: str, account: str = UAT, **given: Any) -> dict[str, Any]:
    return {
        "account_id": account,
        "region": "eu-west-1",
        "resource_type": "AWS::S3::Bucket",
        "resource_id": name,
        "resource_name": name,
        "arn": f"arn:aws:s3:::{name}",
        "versioning": "Enabled",
        "mfa_delete": False,
        **given,
    }


def kept(folder: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    writer = Rows(folder)
    writer.add(BUCKETS.name, BUCKETS.every_column, rows)
    writer.seal()
    return folder


def found(folder: Path, *checks: Check) -> set[tuple[str, str]]:
    return {(row[0], row[4]) for row in judge(folder, checks, (UAT, PRODUCTION))}


@pytest.mark.parametrize(
    ("versioning", "is_wrong"), [("Enabled", False), ("Suspended", True), (None, True)]
)
def test_a_null_is_wrong_like_a_wrong_value(
    tmp_path: Path, versioning: str | None, is_wrong: bool
) -> None:
    kept(tmp_path, [bucket("b", versioning=versioning)])
    assert bool(found(tmp_path, check())) is is_wrong


def test_a_rule_finds_only_where_its_guardrail_is_in_force(tmp_path: Path) -> None:
    kept(tmp_path, [bucket("here", UAT, versioning=None), bucket("there", PRODUCTION)])
    here = check(accounts=[UAT])
    there = check("elsewhere", accounts=[PRODUCTION])
    assert found(tmp_path, here, there) == {(here.label, "here")}


def test_parameters_of_a_check_go_before_those_of_its_rule(tmp_path: Path) -> None:
    kept(tmp_path, [bucket("b")])
    assert not found(tmp_path, check())
    strict = check(parameters={"isMfaDeleteEnabled": "true"})
    assert found(tmp_path, strict) == {(strict.label, "b")}


def test_checks_over_an_empty_table_find_nothing(tmp_path: Path) -> None:
    assert not found(kept(tmp_path, []), check())
    assert not list(judge(tmp_path, (), (UAT,)))


def test_names_that_look_like_sql_are_names(tmp_path: Path) -> None:
    name = "x'; DROP TABLE s3_buckets; --\n\"\\"
    kept(tmp_path, [bucket(name, versioning=None)])
    assert found(tmp_path, check()) == {(check().label, name)}


def test_rows_keep_their_values(tmp_path: Path) -> None:
    local = datetime(2026, 1, 1, 12, 0, 0, 250_000, timezone(timedelta(hours=2)))
    tags = {"owner": "ana", "note": 'a "quoted" ☃'}
    row = bucket("012345678901", tags=tags, created=local, log_prefix="")
    kept(tmp_path, [row])
    engine = database(tmp_path)
    [read] = engine.execute(
        f"SELECT resource_id, created, tags, log_prefix, kms_key FROM "
        f"{source(tmp_path, BUCKETS.name)}"
    ).fetchall()
    assert read[0] == "012345678901"
    assert read[1] == datetime(2026, 1, 1, 10, 0, 0, 250_000)
    assert read[2] == '{"owner":"ana","note":"a \\"quoted\\" \\u2603"}'
    assert read[3:] == ("", None)


def test_the_database_reaches_nothing_but_its_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n", encoding="utf-8")
    engine = database(tmp_path / "in")
    with pytest.raises(duckdb.PermissionException):
        engine.execute(f"SELECT * FROM read_csv('{secret}')")


def test_every_rule_runs_over_its_table_empty_and_with_a_row_of_nulls(tmp_path: Path) -> None:
    writer = Rows(tmp_path)
    checks = [check(rule.name, rule.name) for rule in rules().values()]
    for name in {one.rule.table for one in checks}:
        table = tables()[name]
        writer.add(name, table.every_column, [bucket("nulls") | {"versioning": None}])
    writer.seal()
    for one in checks:
        list(judge(tmp_path, [one], (UAT, PRODUCTION)))


def test_one_statement_finds_the_same(tmp_path: Path) -> None:
    kept(tmp_path, [bucket("a", versioning=None), bucket("b", PRODUCTION, created=NOW)])
    checks = [check(), check("other", accounts=[PRODUCTION])]
    engine = database(tmp_path)
    engine.execute(f"CREATE VIEW s3_buckets AS SELECT * FROM {source(tmp_path, 's3_buckets')}")
    rows = engine.execute(statement(checks, (UAT, PRODUCTION))).fetchall()
    assert {(row[0], row[4]) for row in rows} == found(tmp_path, *checks)

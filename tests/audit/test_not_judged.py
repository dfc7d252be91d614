"""A rule is not judged where what it asks about is not known: no finding, and no silence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from made import PRODUCTION, REGION, UAT, check

from landrail.aws.collecting import Unread
from landrail.inventory.catalogue import tables
from landrail.operations.audit.judging import judge
from landrail.operations.audit.storing import Rows
from landrail.operations.audit.unjudged import by_accounts, not_judged

WHY = "Config's items do not tell it"


def bucket(name: str, account: str = UAT, versioning: str | None = None) -> dict[str, object]:
    return {
        "account_id": account,
        "region": REGION,
        "resource_type": "AWS::S3::Bucket",
        "resource_id": name,
        "resource_name": name,
        "versioning": versioning,
    }


def found(folder: Path, *unread: Unread) -> list[tuple[str, str]]:
    writer, table = Rows(folder), tables()["s3_buckets"]
    rows = [bucket("one"), bucket("two"), bucket("three", PRODUCTION)]
    writer.add(table.name, table.every_column, rows)
    writer.seal()
    every = replace(check(), accounts=frozenset({UAT, PRODUCTION}))
    return sorted((row[1], row[4]) for row in judge(folder, [every], [UAT, PRODUCTION], unread))


def test_without_gaps_everything_is_judged(tmp_path: Path) -> None:
    assert found(tmp_path) == [(UAT, "one"), (UAT, "two"), (PRODUCTION, "three")]


def test_what_one_resource_lacks_is_not_judged_of_it_alone(tmp_path: Path) -> None:
    gap = Unread(UAT, REGION, "s3_buckets", WHY, ("versioning",), "one")
    assert found(tmp_path, gap) == [(UAT, "two"), (PRODUCTION, "three")]


def test_what_all_of_an_account_lack_is_not_judged_there(tmp_path: Path) -> None:
    gap = Unread(UAT, REGION, "s3_buckets", WHY, ("versioning",))
    assert found(tmp_path, gap) == [(PRODUCTION, "three")]


def test_a_column_that_no_rule_asks_about_changes_nothing(tmp_path: Path) -> None:
    gap = Unread(UAT, REGION, "s3_buckets", WHY, ("replication",))
    assert len(found(tmp_path, gap)) == 3
    assert not_judged([check()], [gap]) == ()


def test_what_was_not_judged_is_named_with_its_reason() -> None:
    every = replace(check(), accounts=frozenset({UAT, PRODUCTION}))
    gaps = [
        Unread(UAT, REGION, "s3_buckets", WHY, ("versioning",), "one"),
        Unread(PRODUCTION, REGION, "*", "AccessDenied: no"),
        Unread(UAT, REGION, "kms_keys", "AccessDenied: no"),
    ]
    one, other = not_judged([every], gaps)
    assert (one.rule, one.account_id, one.resource_id) == (every.rule.name, UAT, "one")
    assert one.reason == f"versioning: {WHY}"
    assert (other.account_id, other.resource_id, other.reason) == (
        PRODUCTION,
        "*",
        "AccessDenied: no",
    )
    assert list(by_accounts((one, other))) == [
        ((every.rule.name,), tuple(sorted((UAT, PRODUCTION))))
    ]

"""What stands between two audits, and what somebody answers for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from made import BEFORE, NOW, PRODUCTION, REGION, UAT, finding, waiver

from landrail.guardrails import guardrails
from landrail.operations.audit.finding import Finding
from landrail.operations.audit.own import OWN
from landrail.operations.audit.storing import SUMMARY, new_run, runs
from landrail.operations.audit.trend import (
    Looked,
    last_known,
    put_right,
    save_standing,
    with_history,
)
from landrail.operations.audit.waivers import unused, with_waivers
from landrail.spec.oversight import OF_THE_AUDIT

KEY = ("require-bucket-versioning", "s3-bucket-versioning-enabled")
TABLE = "s3_buckets"
EVERYWHERE = Looked({KEY: {UAT, PRODUCTION}}, set(), {REGION})


def run(state: Path, findings: list[Finding], looked: Looked = EVERYWHERE, day: int = 1) -> None:
    before = last_known(state)
    with new_run(state, datetime(2026, 11, day, tzinfo=UTC)) as folder:
        held = with_history(findings, before)
        save_standing(folder, [(one, TABLE) for one in held], before, looked)
        (folder / SUMMARY).write_text("{}", encoding="utf-8")


def test_what_was_there_before_stands_since_then(tmp_path: Path) -> None:
    run(tmp_path, [finding("old", first_seen=BEFORE)])
    [old, new] = with_history([finding("old"), finding("new")], last_known(tmp_path))
    assert (old.state, old.first_seen) == ("standing", BEFORE)
    assert (new.state, new.first_seen) == ("new", NOW)


def test_what_is_not_found_again_was_put_right(tmp_path: Path) -> None:
    run(tmp_path, [finding("gone"), finding("here")])
    fixed = put_right([finding("here")], last_known(tmp_path), EVERYWHERE)
    assert [known.key[-1] for known in fixed] == ["gone"]


@pytest.mark.parametrize(
    "looked",
    [
        Looked({KEY: {PRODUCTION}}, set(), {REGION}),
        Looked({}, set(), {REGION}),
        Looked({KEY: {UAT}}, {(UAT, REGION, TABLE)}, {REGION}),
        Looked({KEY: {UAT}}, {(UAT, REGION, "*")}, {REGION}),
        Looked({KEY: {UAT}}, set(), {"us-east-1"}),
    ],
    ids=["another account", "another guardrail", "table unread", "account unread", "region"],
)
def test_what_was_not_looked_at_is_carried_over(tmp_path: Path, looked: Looked) -> None:
    run(tmp_path, [finding("unseen", first_seen=BEFORE)])
    assert not put_right([], last_known(tmp_path), looked)
    run(tmp_path, [], looked, day=2)
    [known] = last_known(tmp_path).values()
    assert (known.key[-1], known.first_seen) == ("unseen", BEFORE)


def test_an_audit_that_failed_leaves_nothing_behind(tmp_path: Path) -> None:
    run(tmp_path, [finding("kept")])

    def fail() -> None:
        with new_run(tmp_path, NOW) as folder:
            (folder / SUMMARY).write_text("{}", encoding="utf-8")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert len(runs(tmp_path)) == 1
    assert len(list((tmp_path / "audit").iterdir())) == 1
    assert len(last_known(tmp_path)) == 1


def test_rows_of_old_audits_go_and_their_summaries_stay(tmp_path: Path) -> None:
    for day in range(1, 14):
        run(tmp_path, [finding("one")], day=day)
    assert len(runs(tmp_path)) == 13
    assert sum((folder / "standing").is_dir() for folder in runs(tmp_path)) == 10


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"account": UAT},
        {"resource": "arn:aws:s3:::bucket"},
        {"resource": "buck*"},
        {"expires": date(2026, 11, 23)},
    ],
    ids=["name", "id", "arn", "pattern", "its last day"],
)
def test_a_waiver_covers(given: dict[str, object]) -> None:
    [held] = with_waivers([finding()], [waiver(**given)], NOW.date())
    assert held.waiver == waiver(**given)
    assert held.expired is None


@pytest.mark.parametrize(
    "given",
    [
        {"account": "retail-production"},
        {"resource": "other"},
        {"resource": "Bucket"},
        {"guardrail": "require-bucket-encryption"},
    ],
)
def test_a_waiver_of_something_else_does_not(given: dict[str, object]) -> None:
    [held] = with_waivers([finding()], [waiver(**given)], NOW.date())
    assert held.waiver is held.expired is None
    assert unused([held], [waiver(**given)]) == (waiver(**given),)


def test_what_the_audit_checks_by_itself_can_be_waived() -> None:
    assert {one.id for one in OWN} == OF_THE_AUDIT
    assert not OF_THE_AUDIT & set(guardrails())


def test_an_expired_waiver_counts_again_and_is_named() -> None:
    ended = waiver(expires=date(2026, 11, 22))
    [held] = with_waivers([finding()], [ended], NOW.date())
    assert held.waiver is None
    assert held.expired == ended
    assert held.to_json()["expired_waiver"]["expires"] == "2026-11-22"


def test_a_waiver_that_lasts_goes_before_one_that_ended() -> None:
    ended, lasting = waiver(expires=date(2026, 1, 1)), waiver(owner="ben")
    [held] = with_waivers([finding()], [ended, lasting], NOW.date())
    assert held.waiver == lasting
    assert replace(held, waiver=None) == finding()

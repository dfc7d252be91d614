"""The audit on a terminal: brief, narrow, plain where colour is not welcome, nothing left out in
silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import click
from made import BEFORE, PRODUCTION, REGION, UAT, audit_of, finding, waiver

from landrail.aws.collecting import Unread
from landrail.cli.views.audit.fixes import done_lines, plan_lines
from landrail.cli.views.audit.table import table_lines
from landrail.operations.audit.finding import Finding
from landrail.operations.audit.fixing import Done, Step
from landrail.operations.audit.trend import Past
from landrail.rules.fix import Call


def text(folder: Path, *findings: Finding, every: bool = False, **given: object) -> str:
    made = audit_of(folder, findings, **given)  # type: ignore[arg-type]  # as given
    lines = [click.unstyle(line) for line in table_lines(made, every=every)]
    assert max(map(len, lines), default=0) <= 100
    return "\n".join(lines)


def test_a_guardrail_is_one_group_and_many_findings_are_cut(tmp_path: Path) -> None:
    many = [finding(f"bucket-{n}") for n in range(11)]
    short = text(tmp_path, *many)
    assert short.count("require-bucket-versioning") == 1
    assert short.count("S3 Bucket") == 8
    assert "and 3 more: --all shows them" in short
    assert text(tmp_path, *many, every=True).count("S3 Bucket") == 11
    assert "found: 11 medium" in short


def test_what_one_rule_found_stands_together(tmp_path: Path) -> None:
    others = {"rule": "another", "says": "the bucket is wrong otherwise"}
    told = text(
        tmp_path,
        finding("one", UAT),
        finding("one", UAT, **others),
        finding("two", PRODUCTION),
        finding("two", PRODUCTION, **others),
    )
    assert told.count("does not keep versions") == 1
    assert told.count("is wrong otherwise") == 1


def test_waivers_are_named_and_those_that_ended_too(tmp_path: Path) -> None:
    ended = waiver(expires=date(2026, 1, 1))
    told = text(
        tmp_path, finding("kept", waiver=waiver(resource="kept")), finding("due", expired=ended)
    )
    assert "due  new, waiver of ana expired 2026-01-01" in told
    assert "kept: scratch data (ana, approved by sam, until 2027-01-01)" in " ".join(told.split())
    assert "1 waived" in told


def test_what_was_not_read_is_listed_alike_together(tmp_path: Path) -> None:
    denied = "AccessDenied: User: arn:aws:sts::{}:x may not [explain: e-{}] (kms:ListKeys)"
    unread = [
        Unread(UAT, REGION, "kms_keys", denied.format(UAT, "aa")),
        Unread(PRODUCTION, REGION, "kms_keys", denied.format(PRODUCTION, "bb")),
        Unread(UAT, "us-east-1", "ec2_vpcs", "UnauthorizedOperation: a"),
        Unread(UAT, "us-east-1", "ec2_subnets", "UnauthorizedOperation: b"),
    ]
    told = " ".join(text(tmp_path, unread=unread, left_out={"gone": "it is suspended"}).split())
    assert "gone: it is suspended" in told
    assert "kms_keys of all 2 accounts: AccessDenied: User:" in told
    assert "ec2_vpcs, ec2_subnets of retail-uat in us-east-1: UnauthorizedOperation" in told


def test_nothing_found_is_said(tmp_path: Path) -> None:
    assert "nothing found" in text(tmp_path)
    again = text(tmp_path, history=[Past(BEFORE, {"high": 1})])
    assert "nothing found (0 new, 0 put right since the last audit)" in again


def test_rules_of_the_audit_alone_are_marked(tmp_path: Path) -> None:
    assert "(audit only)" in text(tmp_path, finding(audit_only=True))
    assert "(audit only)" not in text(tmp_path, finding())


def test_a_plan_of_fixes_shows_each_call_and_each_reason() -> None:
    call = Call("s3", "PutBucketVersioning", {"Bucket": "b", "Nested": {"On": True}})
    steps = [Step(finding("b"), "switch it on", (call,)), Step(finding("c"), "ask the owner")]
    told = "\n".join(plan_lines(steps, "the platform"))
    assert 's3:PutBucketVersioning {"Bucket": "b", "Nested": {"On": true}}' in told
    assert "require-bucket-versioning (1): ask the owner" in told
    assert "1 of 2 findings can be put right" in told


def test_how_fixes_went_is_told_of_each() -> None:
    step = Step(finding("b"), "")
    done = [
        Done(step, None, False),
        Done(step, None, True),
        Done(step, None, None),
        Done(step, "AccessDenied: no"),
    ]
    told = [click.unstyle(line).split()[0] for line in done_lines(done)]
    assert told == ["repaired", "stands", "it", "unsure", "it", "failed", "AccessDenied:", "1"]
    assert not replace(done[1]).repaired

"""The audit of a platform that stands on a local AWS: what is found, by whom, and what is fixed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from audit_platform import Standing

from landrail.cli import main
from landrail.operations.audit.run import audit
from landrail.operations.audit.values import Asked

REGION = "eu-west-1"
EVERYWHERE = "everywhere"
BAD = {"require-bucket-encryption", "require-bucket-versioning"}


@dataclass
class Ran:
    """What a command came to."""

    code: int
    data: Any
    errors: str

    @property
    def found(self) -> set[tuple[str, str, str]]:
        """Guardrail, account and resource of each finding that is not waived."""
        return {
            (f["guardrail"], f["account"], f["resource_id"])
            for f in self.data["findings"]
            if "waiver" not in f
        }


@pytest.fixture
def run(platform: Standing, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run `landrail audit` and read its JSON: on one account and for two guardrails, which is
    quick, or by all of them, or `everywhere`."""

    def ran(
        *arguments: str, account: str = "retail-uat", guardrails: Iterable[str] = sorted(BAD)
    ) -> Ran:
        only = [] if account == EVERYWHERE else ["--account", account]
        only += [word for one in guardrails for word in ("--guardrail", one)]
        code = main(["audit", "-f", str(platform.file), "--json", *only, *arguments])
        out = capsys.readouterr()
        return Ran(code, json.loads(out.out), out.err)

    return ran


@contextmanager
def bad_bucket(platform: Standing, name: str, account: str = "retail-uat") -> Iterator[None]:
    """A bucket without versions and without a KMS key, made by break-glass."""
    where = {"LocationConstraint": REGION}
    platform.call(account, "s3", "CreateBucket", Bucket=name, CreateBucketConfiguration=where)
    try:
        yield
    finally:
        platform.call(account, "s3", "DeleteBucket", Bucket=name)


def test_a_platform_as_applied_has_no_findings(run: Any) -> None:
    ran = run(account=EVERYWHERE, guardrails=())
    assert ran.data["findings"] == []
    assert ran.code == 0
    assert len(ran.data["accounts"]) == 8
    assert "*" not in {one["table"] for one in ran.data["not_looked_at"]}


def test_a_bad_bucket_is_found_and_nothing_else(platform: Standing, run: Any) -> None:
    with bad_bucket(platform, "audit-bad"):
        ran = run(guardrails=())
        assert {(account, name) for _, account, name in ran.found} == {("retail-uat", "audit-bad")}
        assert {guardrail for guardrail, _, _ in ran.found} >= BAD
        assert ran.code == 1
        assert run("--fail-on", "critical").code == 0
        assert run(account="retail-production").found == set()
        only = run(guardrails=["require-bucket-versioning"])
        assert only.found == {("require-bucket-versioning", "retail-uat", "audit-bad")}
    ran = run()
    assert ran.found == set()
    assert {one["guardrail"] for one in ran.data["fixed"]} == BAD


def test_only_reads_are_made_and_each_bucket_takes_few(platform: Standing) -> None:
    only = Asked(accounts=("retail-uat",), guardrails=tuple(sorted(BAD)))
    before = audit(platform.file, only)
    with bad_bucket(platform, "audit-cost"):
        made = audit(platform.file, only)
    assert made.target.entrances.connection.calls.mutating == 0
    assert made.calls - before.calls <= 12
    assert {f.state for f in made.findings} == {"new"}


def test_an_auditor_finds_the_same(platform: Standing, run: Any) -> None:
    with bad_bucket(platform, "audit-seen"):
        mine, theirs = run(), run("--as", "audrey")
    assert mine.found == theirs.found != set()
    assert mine.data["not_looked_at"] == theirs.data["not_looked_at"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--as", "audry"), "audrey"),
        (("--as", "olga"), "audrey"),
        (("--account", "retail-uta"), "retail-uat"),
        (("--guardrail", "require-bucket-versionin"), "require-bucket-versioning"),
        (("--dry-run",), "--fix"),
        (("--fix", "--format", "sarif"), ""),
        (("--from", "nowhere"), "aggregator"),
        (("--emit", "athena", "--location", "here"), "s3://"),
    ],
)
def test_what_means_nothing_is_wrong_input(
    platform: Standing,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    words: str,
) -> None:
    assert main(["audit", "-f", str(platform.file), *arguments]) == 2
    assert words in capsys.readouterr().err


def test_a_waiver_holds_until_its_day(platform: Standing, run: Any) -> None:
    text = platform.file.read_text(encoding="utf-8")
    entry = (
        "waivers:\n"
        "  - {guardrail: %s, account: retail-uat, resource: audit-w*, owner: ana,\n"
        "     reason: scratch, approver: sam, expires: %s}\n"
    )
    held = entry % ("require-bucket-versioning", "2999-01-01")
    ended = (entry % ("require-bucket-encryption", "2020-01-01")).removeprefix("waivers:\n")
    platform.file.write_text(text + held + ended, encoding="utf-8")
    try:
        with bad_bucket(platform, "audit-waived"):
            ran = run()
    finally:
        platform.file.write_text(text, encoding="utf-8")
    guardrails = {guardrail for guardrail, _, _ in ran.found}
    assert "require-bucket-encryption" in guardrails
    assert "require-bucket-versioning" not in guardrails
    [expired] = [f for f in ran.data["findings"] if "expired_waiver" in f]
    assert expired["expired_waiver"]["owner"] == "ana"
    assert ran.code == 1


def calls(data: Any) -> set[str]:
    """The operations that a fix would perform."""
    return {call["operation"] for step in data["plan"] for call in step["calls"]}


def test_a_fix_is_planned_performed_and_looked_at_again(platform: Standing, run: Any) -> None:
    with bad_bucket(platform, "audit-fix"):
        dry = run("--fix", "--dry-run")
        assert calls(dry.data) == {"PutBucketEncryption", "PutBucketVersioning"}
        assert (dry.code, dry.data["fixes"]) == (1, [])
        asked = run("--fix")
        assert asked.code == 1
        assert "--auto-approve" in asked.data["remedy"]
        done = run("--fix", "--auto-approve")
        assert [one["repaired"] for one in done.data["fixes"]] == [True, True]
        assert done.code == 0
        assert run().found == set()


def test_a_fix_may_be_made_as_break_glass(platform: Standing, run: Any) -> None:
    with bad_bucket(platform, "audit-broken"):
        held = ["require-tls", *sorted(BAD)]
        done = run("--fix", "--auto-approve", "--break-glass", "brit", guardrails=held)
        assert all(one["repaired"] for one in done.data["fixes"])
        assert len(done.data["fixes"]) == len(BAD)
        assert any("policy" in step["says"] for step in done.data["plan"] if not step["calls"])


def test_a_recorder_that_is_off_is_found_and_switched_on(platform: Standing, run: Any) -> None:
    names = platform.call("retail-uat", "config", "DescribeConfigurationRecorders")
    name = names["ConfigurationRecorders"][0]["name"]
    platform.call(
        "retail-uat", "config", "StopConfigurationRecorder", ConfigurationRecorderName=name
    )
    held = ["protect-recorder", "recorder-on"]
    ran = run("--fix", "--auto-approve", guardrails=held)
    assert "config-recorder-on" in {finding["rule"] for finding in ran.data["findings"]}
    assert [one["repaired"] for one in ran.data["fixes"]] == [True]
    assert run(guardrails=held).found == set()


def test_an_account_that_is_not_in_the_file_is_a_finding(platform: Standing, run: Any) -> None:
    organizations = "organizations"
    status = platform.call(
        "organization", organizations, "CreateAccount", Email="s@x.example", AccountName="stray"
    )["CreateAccountStatus"]
    stray = status["AccountId"]
    [root] = platform.call("organization", organizations, "ListRoots")["Roots"]
    units = platform.units()
    move = {"AccountId": stray, "SourceParentId": root["Id"]}
    uat = {**move, "DestinationParentId": units["Workloads/UAT"]}
    platform.call("organization", organizations, "MoveAccount", **uat)
    held = ["accounts-in-file", "accounts-readable", "require-bucket-versioning"]
    ran = run(account=EVERYWHERE, guardrails=held)
    assert ("accounts-in-file", "stray", stray) in ran.found
    assert "accounts-readable" not in {guardrail for guardrail, _, _ in ran.found}
    assert {account for _, account, _ in ran.found} == {"stray"}
    planned = run("--fix", "--dry-run", account="stray", guardrails=held).data["plan"]
    assert not any(step["calls"] for step in planned)
    away = {
        "AccountId": stray,
        "SourceParentId": units["Workloads/UAT"],
        "DestinationParentId": units["Suspended"],
    }
    platform.call("organization", organizations, "MoveAccount", **away)
    ran = run(account=EVERYWHERE, guardrails=held)
    assert ran.found == set()
    assert {one["account"] for one in ran.data["not_looked_at"] if one["table"] == "*"} == {"stray"}


def test_an_account_that_was_moved_out_of_its_ou_is_a_finding(platform: Standing, run: Any) -> None:
    held = ["accounts-in-place"]
    assert run(account=EVERYWHERE, guardrails=held).found == set()
    organization = "organization"
    listed = platform.call(organization, "organizations", "ListAccounts")["Accounts"]
    uat = next(one["Id"] for one in listed if one["Name"] == "retail-uat")
    units = platform.units()
    for away in ("Workloads/DataScience", "Suspended"):
        there = {"AccountId": uat, "SourceParentId": units["Workloads/UAT"]}
        there["DestinationParentId"] = units[away]
        platform.call(organization, "organizations", "MoveAccount", **there)
        ran = run(account=EVERYWHERE, guardrails=held)
        back = {"AccountId": uat, "SourceParentId": units[away]}
        back["DestinationParentId"] = units["Workloads/UAT"]
        platform.call(organization, "organizations", "MoveAccount", **back)
        assert ran.found == {("accounts-in-place", "retail-uat", uat)}
        [found] = ran.data["findings"]
        assert found["says"] == f"the account stands in {away} and belongs in Workloads/UAT"
    assert run(account=EVERYWHERE, guardrails=held).found == set()


def test_the_rules_print_for_athena(platform: Standing, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["audit", "-f", str(platform.file), "--emit", "athena", "--location", "s3://b/p/"]
    assert main(command) == 0
    text = capsys.readouterr().out
    assert "CREATE EXTERNAL TABLE IF NOT EXISTS `s3_buckets` (" in text
    assert "LOCATION 's3://b/p/s3_buckets/'" in text
    assert text.count("UNION ALL") > 20
    assert "file_row_number" not in text


def test_the_table_is_brief_and_narrow(
    platform: Standing, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    with bad_bucket(platform, "audit-table"):
        command = ["audit", "-f", str(platform.file), "--account", "retail-uat"]
        command += ["--guardrail", "require-bucket-versioning"]
        assert main([*command, "--html", str(page)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 100
    assert any("audit-table" in line for line in lines)
    assert "\x1b" not in "".join(lines)
    assert "audit-table" in page.read_text(encoding="utf-8")


def test_a_report_that_cannot_be_written_is_told(
    platform: Standing, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page = tmp_path / "none" / "report.html"
    command = ["audit", "-f", str(platform.file), "--html", str(page), "--account", "audit"]
    assert main([*command, "--guardrail", "require-bucket-versioning"]) == 1
    assert str(page) in capsys.readouterr().err


def test_config_recorded_the_same(platform: Standing, run: Any) -> None:
    with bad_bucket(platform, "audit-recorded"):
        live, recorded = run(), run("--from", "aggregator")
    assert live.found == recorded.found != set()
    read = {one["table"] for one in recorded.data["not_looked_at"]}
    assert "s3_buckets" not in read

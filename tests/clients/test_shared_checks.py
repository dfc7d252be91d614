"""Our audit, Prowler and Cloud Custodian agree about an account: as applied, where none finds what
they all look for, and with things made in it that are wrong.

What is made stays there: nothing else looks at that account.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from landrail.aws.sessions import Identity
from landrail.operations.audit.run import audit
from landrail.operations.audit.values import Asked
from landrail.operations.enter import enter
from tests.airline import Platform
from tests.clients.clients_world import program
from tests.clients.prowling import EVERYWHERE, scans
from tests.clients.sharing import Apart, Check, disagreements, shared, short

pytestmark = pytest.mark.xdist_group("access")

ACCOUNT = "cargo-uat"
# Whose settings nobody touched; only these are looked at there.
TWIN, SETTINGS = "cargo-production", ("accessanalyzer", "ec2", "iam", "s3")
SERVICES = (
    *EVERYWHERE,
    *("accessanalyzer", "awslambda", "cloudtrail", "codebuild", "ec2", "ecr", "iam", "kms"),
    *("rds", "secretsmanager", "sns", "sqs", "vpc"),
)
# What the tools look for and the file leaves to choose.
CHOSEN = (
    *("ec2-block-public-images", "ec2-close-default-groups", "ecr-expire-images", "iam-passwords"),
    *("codebuild-logged", "ecr-immutable-tags", "ecr-scan-images"),
    *("require-access-analyzer", "s3-log-requests", "s3-notify", "sagemaker-several-instances"),
    *("iam-few-administrators", "lambda-in-vpc", "secrets-rotate", "vpc-log-flows"),
)

Found = Mapping[str, Mapping[str, frozenset[str]]]
"""By rule and tool, the ids of what is wrong."""


@pytest.fixture(scope="module")
def told(airline: Platform, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Check], Found]:
    things = shared()
    things.known |= {"account": airline.ids[ACCOUNT], "twin": airline.ids[TWIN]}
    things.make(airline, _break_glass(airline))
    checks = list(things.told())
    found = {"audit": _ours(airline, checks)}
    found["prowler"] = _prowlers(airline, checks)
    found["custodian"] = _custodians(airline, checks, tmp_path_factory.mktemp("custodian"))
    by_rule = {
        check.rule: {tool: ids[check.rule] for tool, ids in found.items() if check.rule in ids}
        for check in checks
    }
    return checks, by_rule


def _break_glass(airline: Platform) -> Identity:
    session = enter(airline.file, f"olga/break-glass@{ACCOUNT}").session
    return Identity("olga", lambda: (session.credentials, session.expires))


def _ours(airline: Platform, checks: Sequence[Check]) -> dict[str, frozenset[str]]:
    """By the same file with the guardrails of choice, which are watched and attached nowhere."""
    document = yaml.safe_load(airline.file.read_text(encoding="utf-8"))
    chosen = [{name: {"mode": "monitor", "in": ["uat", "production"]}} for name in CHOSEN]
    document["guardrails"] = ["recommended", *chosen]
    wider = airline.file.with_name("wider.yaml")
    wider.write_text(yaml.safe_dump(document), encoding="utf-8")
    made = audit(wider, Asked(accounts=(ACCOUNT, TWIN)))
    assert not made.unread
    found = {(f.rule, f.account, _named(f.resource_id, f.arn)) for f in made.findings}
    return {
        check.rule: frozenset(
            name
            for rule, account, name in found
            if rule == check.rule and (account == ACCOUNT or name == airline.ids[TWIN])
        )
        for check in checks
    }


def _named(own: str, arn: str) -> str:
    """An account is named by its id, everything else by its ARN."""
    return own if own.isdigit() or not arn else short(arn)


def _prowlers(airline: Platform, checks: Sequence[Check]) -> dict[str, frozenset[str]]:
    asked = {ACCOUNT: SERVICES, TWIN: SETTINGS}
    found: dict[str, set[str]] = {check.rule: set() for check in checks}
    for made in scans(airline.file, asked):
        account = airline.ids[made.account]
        for check in checks:
            assert made.account == TWIN or set(check.prowler) <= set(made.checks), check
            names = {
                # What is missing is found by no name.
                account if one["arn"].endswith("/unknown") else _named(one["id"], one["arn"])
                for one in made.findings
                if one["status"] == "FAIL" and one["check"] in check.prowler
            }
            found[check.rule] |= names if made.account == ACCOUNT else names & {account}
    return {rule: frozenset(names) for rule, names in found.items()}


def _custodians(
    airline: Platform, checks: Sequence[Check], folder: Path
) -> dict[str, frozenset[str]]:
    asked = [check for check in checks if check.custodian is not None]
    of_accounts = [check for check in asked if check.policy()["resource"] == "aws.account"]
    here = _run(airline, ACCOUNT, asked, folder / ACCOUNT)
    there = _run(airline, TWIN, of_accounts, folder / TWIN)
    return {rule: names | there.get(rule, frozenset()) for rule, names in here.items()}


def _run(
    airline: Platform, account: str, checks: Sequence[Check], folder: Path
) -> dict[str, frozenset[str]]:
    """Run Custodian with the policies of some checks over an account."""
    folder.mkdir()
    file = folder / "policies.yml"
    file.write_text(json.dumps({"policies": [check.policy() for check in checks]}))
    ended = subprocess.run(
        [
            program("custodian"),
            "run",
            "--cache",
            str(folder / "cache"),
            "-s",
            str(folder),
            str(file),
        ],
        env=enter(airline.file, f"audrey@{account}").child(),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert ended.returncode == 0, ended.stderr[-6000:]
    return {
        check.rule: frozenset(
            short(str(one[check.field]))
            for one in json.loads((folder / check.rule / "resources.json").read_text())
        )
        for check in checks
    }


@pytest.mark.soak
def test_the_tools_agree(told: tuple[list[Check], Found]) -> None:
    checks, found = told
    assert [line for check in checks for line in disagreements(check, found[check.rule])] == []


@pytest.mark.soak
def test_every_check_has_something_to_find(told: tuple[list[Check], Found]) -> None:
    checks, found = told
    assert len(checks) >= 40
    # Buckets are encrypted on AWS whatever their makers do.
    never = {"s3-bucket-server-side-encryption-enabled"}
    assert {check.rule for check in checks if not found[check.rule]["audit"]} == never


def test_what_tools_say_apart_is_told() -> None:
    check = Check("rule", ("check",), None, frozenset({"bad"}), frozenset({"good"}))
    agreed = {"audit": frozenset({"bad"}), "prowler": frozenset({"bad"})}
    assert list(disagreements(check, agreed)) == []
    assert len(list(disagreements(check, {**agreed, "prowler": frozenset()}))) == 1
    assert len(list(disagreements(check, {**agreed, "prowler": frozenset({"bad", "own"})}))) == 1
    assert len(list(disagreements(check, dict.fromkeys(agreed, frozenset({"bad", "good"}))))) == 1
    assert list(disagreements(check, dict.fromkeys(agreed, frozenset()))) == [
        "rule: bad is not found"
    ]
    known = replace(check, apart=(Apart("prowler", "bad", "a reason"),))
    assert list(disagreements(known, {**agreed, "prowler": frozenset()})) == []
    assert len(list(disagreements(known, agreed))) == 1

"""Our audit, Prowler and Cloud Custodian agree about an account: as applied, where none finds what
they all look for, and with things made in it that are wrong.

What is made stays there: nothing else looks at that account.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
import yaml

from landrail.aws.sessions import Identity
from landrail.operations.audit.run import audit
from landrail.operations.audit.values import Asked
from landrail.operations.enter import enter
from tests.airline import Platform
from tests.clients.clients_world import program
from tests.clients.prowling import EVERYWHERE, Scan, scan
from tests.clients.sharing import Check, disagreements, shared, short

pytestmark = pytest.mark.xdist_group("access")

ACCOUNT = "cargo-uat"
SERVICES = (
    *EVERYWHERE,
    *("accessanalyzer", "cloudtrail", "codebuild", "ec2", "ecr", "iam", "kms", "secretsmanager"),
    *("sns", "sqs", "vpc"),
)
# What the tools look for and the file leaves to choose.
CHOSEN = (
    *("ec2-block-public-images", "ec2-close-default-groups", "ecr-expire-images", "iam-passwords"),
    *("codebuild-logged", "ecr-immutable-tags", "ecr-scan-images"),
    *("require-access-analyzer", "s3-log-requests", "s3-notify", "sagemaker-several-instances"),
    *("secrets-rotate", "vpc-log-flows"),
)

Found = Mapping[str, Mapping[str, frozenset[str]]]
"""By rule and tool, the ids of what is wrong."""


@pytest.fixture(scope="module")
def told(airline: Platform, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Check], Found]:
    things = shared()
    things.known["account"] = airline.ids[ACCOUNT]
    things.make(airline, _break_glass(airline))
    checks = list(things.told())
    ours = _ours(airline, checks)
    theirs = _prowlers(airline.ids[ACCOUNT], scan(airline.file, ACCOUNT, SERVICES), checks)
    third = _custodians(airline, checks, tmp_path_factory.mktemp("custodian"))
    return checks, {
        check.rule: {
            "audit": ours[check.rule],
            "prowler": theirs[check.rule],
            **({"custodian": third[check.rule]} if check.rule in third else {}),
        }
        for check in checks
    }


def _break_glass(airline: Platform) -> Identity:
    session = enter(airline.file, f"olga/break-glass@{ACCOUNT}").session
    return Identity("olga", lambda: (session.credentials, session.expires))


def _ours(airline: Platform, checks: Iterable[Check]) -> dict[str, frozenset[str]]:
    """By the same file with the guardrails of choice, which are watched and attached nowhere."""
    document = yaml.safe_load(airline.file.read_text(encoding="utf-8"))
    chosen = [{name: {"mode": "monitor", "in": ["uat"]}} for name in CHOSEN]
    document["guardrails"] = ["recommended", *chosen]
    wider = airline.file.with_name("wider.yaml")
    wider.write_text(yaml.safe_dump(document), encoding="utf-8")
    made = audit(wider, Asked(accounts=(ACCOUNT,)))
    assert not made.unread
    return {
        check.rule: frozenset(
            _named(f.resource_id, f.arn) for f in made.findings if f.rule == check.rule
        )
        for check in checks
    }


def _named(own: str, arn: str) -> str:
    """An account is named by its id, everything else by its ARN."""
    return own if own.isdigit() or not arn else short(arn)


def _prowlers(account: str, made: Scan, checks: Iterable[Check]) -> dict[str, frozenset[str]]:
    asked = {name for check in checks for name in check.prowler}
    assert asked <= set(made.checks), asked - set(made.checks)
    return {
        check.rule: frozenset(
            account if found["arn"].endswith("/unknown") else _named(found["id"], found["arn"])
            for found in made.findings
            if found["status"] == "FAIL" and found["check"] in check.prowler
        )
        for check in checks
    }


def _custodians(
    airline: Platform, checks: Iterable[Check], folder: Path
) -> dict[str, frozenset[str]]:
    asked = [check for check in checks if check.custodian is not None]
    file = folder / "policies.yml"
    file.write_text(json.dumps({"policies": [check.policy() for check in asked]}))
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
        env=enter(airline.file, f"audrey@{ACCOUNT}").child(),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-6000:]
    found = {}
    for check in asked:
        resources = json.loads((folder / check.rule / "resources.json").read_text())
        assert check.custodian is not None
        found[check.rule] = frozenset(short(str(one[check.custodian["id"]])) for one in resources)
    return found


def test_the_tools_agree(told: tuple[list[Check], Found]) -> None:
    checks, found = told
    assert [line for check in checks for line in disagreements(check, found[check.rule])] == []


def test_every_check_has_something_to_find(told: tuple[list[Check], Found]) -> None:
    checks, found = told
    assert len(checks) >= 40
    # Buckets are encrypted on AWS whatever their makers do.
    never = {"s3-bucket-server-side-encryption-enabled"}
    assert {check.rule for check in checks if not found[check.rule]["audit"]} == never

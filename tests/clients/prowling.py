"""Prowler on a platform that stands, as an auditor, and the list of what it finds there."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from landrail.operations.enter import enter
from tests.airline import REGION
from tests.clients.clients_world import program

FOLDER = Path(__file__).parent
EVERYWHERE = ("s3", "sagemaker")
SOME = (
    *("iam", "kms", "cloudtrail", "config", "ecr", "codebuild", "awslambda", "sns", "sqs"),
    *("secretsmanager", "guardduty", "accessanalyzer"),
)


@dataclass(frozen=True)
class Scan:
    """What Prowler says of an account; `errors` are what it could not read."""

    account: str
    checks: tuple[str, ...]
    findings: tuple[Mapping[str, str], ...]
    errors: tuple[str, ...]

    def failed(self, *checks: str) -> dict[str, str]:
        """What some checks (all of them where none is named) find wrong: `check id` and words."""
        return {
            f"{found['check']} {found['id']}": found["says"]
            for found in self.findings
            if found["status"] == "FAIL" and (not checks or found["check"] in checks)
        }


@dataclass
class Line:
    """A line of the list: patterns of checks and of `ACCOUNT:RESOURCE`."""

    check: str
    reason: str
    where: str | list[str] = "*"

    def covers(self, check: str, where: str) -> bool:
        """Whether it speaks of a finding."""
        places = [self.where] if isinstance(self.where, str) else self.where
        return fnmatchcase(check, self.check) and any(fnmatchcase(where, one) for one in places)


@dataclass
class Known:
    """An error of Prowler's log that is known."""

    says: str
    reason: str


def scan(file: Path, account: str, services: Iterable[str]) -> Scan:
    """Run Prowler's checks of some services over an account of the platform of a file."""
    python = Path(program("prowler")).with_name("python")
    ended = subprocess.run(
        [str(python), str(FOLDER / "prowler_scan.py"), REGION, *services],
        env=enter(file, f"audrey@{account}").child(),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert ended.returncode == 0, ended.stderr[-4000:]
    said: dict[str, Any] = json.loads(ended.stdout)
    findings, errors = tuple(said["findings"]), tuple(said["errors"])
    return Scan(account, tuple(said["checks"]), findings, errors)


def scans(file: Path, asked: Mapping[str, Iterable[str]]) -> list[Scan]:
    """Scan accounts for services, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        one = partial(scan, file)
        return list(pool.map(one, asked, asked.values()))


def listed() -> tuple[list[Line], list[Line], list[Known]]:
    """The list: of the services of every account, of the other services, and of errors."""
    read = yaml.safe_load((FOLDER / "prowler.yaml").read_text(encoding="utf-8"))
    lines = [[Line(**line) for line in read[part]] for part in ("everywhere", "some")]
    return lines[0], lines[1], [Known(**known) for known in read["errors"]]


def unlisted(made: Iterable[Scan], lines: Iterable[Line]) -> Iterator[str]:
    """What is found and no line has; then lines by which nothing is found."""
    lines = list(lines)
    seen: set[int] = set()
    for one in made:
        for name, says in one.failed().items():
            check, _, resource = name.partition(" ")
            hits = [
                i for i, line in enumerate(lines) if line.covers(check, f"{one.account}:{resource}")
            ]
            seen.update(hits)
            if not hits:
                yield f"not listed: {check} {one.account}:{resource}: {says}"
    yield from (f"not found: {line}" for i, line in enumerate(lines) if i not in seen)


def unheard(made: Iterable[Scan], known: Iterable[Known]) -> Iterator[str]:
    """Errors that no line has; then lines of errors that were not heard of."""
    said = {(one.account, error) for one in made for error in one.errors}
    known = list(known)
    for account, error in sorted(said):
        if not any(fnmatchcase(error, line.says) for line in known):
            yield f"not listed: {account}: {error}"
    for line in known:
        if not any(fnmatchcase(error, line.says) for _, error in said):
            yield f"not found: {line}"

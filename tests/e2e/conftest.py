"""One demo for all the tests of this folder: run as a person would run it, with somebody's real AWS
configuration in reach and every connection watched.

The tests here change the platform and put it back; they run one after another.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

WATCH = Path(__file__).parent / "watch"
BIN = Path(sys.executable).parent


@dataclass(frozen=True, eq=False)
class Demo:
    """A demo that stands: its folder, its report, and ways to act on it."""

    folder: Path
    environment: Mapping[str, str]
    report: Mapping[str, Any]

    @property
    def file(self) -> Path:
        return self.folder / "landrail.yaml"

    def run(self, *words: str, ok: bool = True, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run `landrail WORDS` in the demo's folder."""
        ended = subprocess.run(
            [str(BIN / "landrail"), *words],
            cwd=more.pop("cwd", self.folder),
            env=dict(self.environment),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            **more,
        )
        assert not ok or ended.returncode == 0, ended.stderr + ended.stdout
        assert "Traceback" not in ended.stderr
        return ended

    def as_(self, who: str, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run a command as WHO@ACCOUNT."""
        return self.run("as", who, "-f", str(self.file), "--", *words, **more)

    def aws(self, who: str, *words: str) -> Any:
        """Run aws-cli as WHO@ACCOUNT and return its JSON."""
        told = self.as_(who, "aws", *words, "--output", "json").stdout
        return json.loads(told) if told.strip() else None

    def plan(self) -> dict[str, str]:
        """Return what a plan would change: address -> action."""
        told = json.loads(self.run("plan", "--json").stdout)
        return {c["address"]: c["action"] for c in told["changes"] if c["action"] != "no-op"}

    def apply(self) -> dict[str, Any]:
        """Apply and return the result."""
        return dict(json.loads(self.run("apply", "--auto-approve", "--json").stdout))

    def client(self, who: str, service: str) -> Any:
        """Return a boto3 client as WHO@ACCOUNT, by the variables of `landrail local env`."""
        lines = self.run("local", "env", who, "--json").stdout
        told = json.loads(lines)
        told = told["set"]
        return boto3.Session(
            told["AWS_ACCESS_KEY_ID"],
            told["AWS_SECRET_ACCESS_KEY"],
            told["AWS_SESSION_TOKEN"],
            region_name=told["AWS_REGION"],
        ).client(
            service,
            endpoint_url=told["AWS_ENDPOINT_URL"],
            config=Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}),
        )


def poisoned(home: Path, sink: Path) -> dict[str, str]:
    """An environment in which somebody is signed in to the real AWS."""
    (home / ".aws").mkdir(parents=True)
    (home / ".aws/config").write_text(
        "[default]\nregion = us-west-2\nendpoint_url = http://192.0.2.1\n"
        "[profile real]\nregion = us-west-2\nsso_start_url = https://real.example\n"
    )
    (home / ".aws/credentials").write_text(
        "[real]\naws_access_key_id = AKIAREALREALREALREAL\naws_secret_access_key = real\n"
    )
    ambient = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "PYTEST"))}
    return {
        **ambient,
        "HOME": str(home),
        "AWS_ACCESS_KEY_ID": "AKIAREALREALREALREAL",
        "AWS_SECRET_ACCESS_KEY": "real",
        "AWS_PROFILE": "real",
        "AWS_ENDPOINT_URL": "http://192.0.2.1",
        "PYTHONPATH": str(WATCH),
        "LANDRAIL_TEST_CONNECTIONS": str(sink),
    }


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    where = tmp_path_factory.mktemp("demo")
    environment = poisoned(where / "home", where / "connections.log")
    ended = subprocess.run(
        [str(BIN / "landrail"), "demo", "--fast", "--json"],
        cwd=where,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    folder = where / "landrail-demo"
    try:
        assert ended.returncode == 0, ended.stderr[-4000:] + ended.stdout[-4000:]
        yield Demo(folder, environment, json.loads(ended.stdout))
    finally:
        subprocess.run(
            [str(BIN / "landrail"), "local", "stop"],
            cwd=folder,
            env=environment,
            capture_output=True,
            check=False,
        )

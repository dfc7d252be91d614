"""The airline's platform, really applied to a local AWS, and boto3 clients of anybody on it.

One platform for all the tests that ask for it (one for each xdist worker: they are of the group
`access`). What they do there changes little or is taken back, so that none depends on another.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from landrail.compiler import wanted_of
from landrail.operations.people import choose
from landrail.operations.project import open_project
from landrail.operations.server import Server, require
from landrail.operations.signin import account_ids, sign_in
from landrail.operations.target import Target, open_target
from landrail.resources import Wanted

REGION = "eu-west-1"
_ROOT = Path(__file__).resolve().parents[1]
_CONFIG = Config(
    retries={"max_attempts": 0}, s3={"addressing_style": "path"}, inject_host_prefix=False
)


@dataclass(frozen=True)
class Outcome:
    """What came of a call: an error's code (None for success) and the decision behind a denial."""

    code: str | None
    message: str = ""
    decision: dict[str, Any] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def denied(self) -> bool:
        """Whether the gate turned the call away."""
        return bool(self.decision)

    @property
    def by(self) -> str:
        """Who denied it: the statement without its number, or the layer that allowed nothing."""
        sid = self.decision.get("sid")
        return str(sid).rstrip("0123456789") if sid else str(self.decision.get("layer"))


@dataclass
class Platform:
    """A platform that stands, and people and roles of it."""

    file: Path
    server: Server
    target: Target
    wanted: Wanted
    ids: dict[str, str]
    sessions: dict[str, boto3.Session] = field(default_factory=dict)
    clients: dict[tuple[str, str, str], Any] = field(default_factory=dict)

    def session(self, who: str) -> boto3.Session:
        """A session of `WHO@ACCOUNT`."""
        if who not in self.sessions:
            entry = choose(self.wanted, who)
            keys = sign_in(self.server, self.target.entrances, self.wanted, entry).credentials
            self.sessions[who] = boto3.Session(
                keys.access_key, keys.secret_key, keys.token, region_name=REGION
            )
        return self.sessions[who]

    def client(self, who: str, service: str, region: str = REGION) -> Any:
        """A client of `WHO@ACCOUNT`."""
        key = (who, service, region)
        if key not in self.clients:
            self.clients[key] = self.session(who).client(
                service, region, endpoint_url=self.server.endpoint, config=_CONFIG
            )
        return self.clients[key]

    def call(self, who: str, call: str, params: dict[str, Any], region: str = REGION) -> Outcome:
        """Make `service:Operation` as `WHO@ACCOUNT`; `{ACCOUNT}` in texts becomes its id."""
        service, _, operation = call.partition(":")
        client = self.client(who, service, region)
        try:
            result = client._make_api_call(operation, self.filled(params))
        except ClientError as error:
            return self.outcome(error)
        return Outcome(None, result=result)

    def outcome(self, error: ClientError) -> Outcome:
        """What came of a call that failed."""
        message = error.response["Error"].get("Message", "")
        code = error.response["Error"]["Code"]
        found = re.search(r"\[explain: (e-\w+)\]", message)
        return Outcome(code, message, self.decision(found[1]) if found else {})

    def filled(self, value: Any) -> Any:
        """The value with account ids for names."""
        if isinstance(value, str):
            return re.sub(r"\{([a-z-]+)\}", lambda m: self.ids.get(m[1], m[0]), value)
        if isinstance(value, dict):
            return {key: self.filled(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.filled(each) for each in value]
        return value

    def decision(self, event_id: str) -> dict[str, Any]:
        """The decision about an event, from the trail."""
        request = urllib.request.Request(
            f"{self.server.endpoint}/_landrail/events/{event_id}",
            headers={"Authorization": f"Bearer {self.server.secret}"},
        )
        with urllib.request.urlopen(request) as answer:
            return dict(json.load(answer)["landrail"])


def landrail(folder: Path, *words: str) -> None:
    """Run `landrail WORDS` in a folder."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "LANDRAIL_"))}
    done = subprocess.run(
        [sys.executable, "-m", "landrail", *words],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(_ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def airline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The platform of the example, once for all tests."""
    with standing_airline(tmp_path_factory.mktemp("access")) as platform:
        yield platform


@contextlib.contextmanager
def standing_airline(folder: Path, landing_zone: str = "") -> Iterator[Platform]:
    """The platform of the example, with a data set that asks for its readers' networks; where
    there is a version (`4.0 --without logging`), on a landing zone of Control Tower."""
    text = (_ROOT / "examples" / "airline" / "landrail.yaml").read_text(encoding="utf-8")
    asked = "  weather: {owner: data, share: [passengers], network: required}\n"
    text = text.replace("datasets:\n", f"datasets:\n{asked}")
    text = text.replace("\nteams:", "\ndevelopment: [passengers]\n\nteams:")
    text += "\ncontrol_tower: existing\n" if landing_zone else ""
    first = [["local", "control-tower", "--version", *landing_zone.split()]]
    with standing(folder, text, first if landing_zone else ()) as platform:
        yield platform


@contextlib.contextmanager
def standing(folder: Path, text: str, first: Sequence[Sequence[str]] = ()) -> Iterator[Platform]:
    """The platform of a file, applied to a local AWS of its own, after these commands."""
    (folder / "landrail.yaml").write_text(text, encoding="utf-8")
    try:
        for words in first:
            landrail(folder, *words)
        landrail(folder, "apply", "--auto-approve")
        project = open_project(folder / "landrail.yaml")
        target, wanted = open_target(project), wanted_of(project.document)
        ids = account_ids(target.entrances, wanted)
        yield Platform(project.path, require(project.state), target, wanted, ids)
    finally:
        landrail(folder, "local", "stop")

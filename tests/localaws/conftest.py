"""One local AWS for the tests of this folder, and boto3 sessions of anybody in it.

The server is a process of its own over a temporary state folder, as users have it. Tests share it
(one for each xdist worker), so they name what they make with `unique`.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

REGION = "eu-west-1"
_CONFIG = Config(retries={"max_attempts": 0, "mode": "standard"}, connect_timeout=5)
_SOURCE = Path(__file__).resolve().parents[2] / "src"


def _environment() -> dict[str, str]:
    """The environment of a server under test: nothing ambient of AWS's."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    return {**kept, "PYTHONPATH": str(_SOURCE)}


def start_server(state: Path, *arguments: str) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
    """Start a server and return it with its server.json once it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "landrail.localaws", "--state", str(state), *arguments],
        env=_environment(),
        stdout=subprocess.DEVNULL,
    )
    file = state / "server.json"
    for _ in range(1200):
        if process.poll() is not None:
            log = state / "server.log"
            raise RuntimeError(f"no server: {log.read_text() if log.exists() else ''}")
        if file.exists():
            document = json.loads(file.read_text())
            if document["pid"] == process.pid:
                return process, document
        time.sleep(0.05)
    process.kill()
    raise RuntimeError("the server did not become ready")


def stop_server(process: subprocess.Popen[bytes]) -> int:
    """Stop a server as an operating system would, and return its exit code."""
    process.terminate()
    try:
        return process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


@dataclass
class LocalAwsUnderTest:
    """A running local AWS."""

    endpoint: str
    secret: str
    management_account: str
    state: Path
    bootstrap: boto3.Session
    accounts: dict[str, str] = field(default_factory=dict)

    def client(self, service: str, session: boto3.Session | None = None, **settings: Any) -> Any:
        """A client of a service; by default of the bootstrap user of the management account."""
        settings.setdefault("config", _CONFIG)
        return (session or self.bootstrap).client(service, endpoint_url=self.endpoint, **settings)

    def assume(
        self, role_arn: str, name: str = "test", by: boto3.Session | None = None, **more: Any
    ) -> boto3.Session:
        """A session of a role."""
        answer = self.client("sts", by).assume_role(RoleArn=role_arn, RoleSessionName=name, **more)
        return session_of(answer["Credentials"])

    def session_of(self, credentials: dict[str, Any]) -> boto3.Session:
        """A session of credentials as STS answers them."""
        return session_of(credentials)

    def account(self, name: str) -> str:
        """The id of the member account called `name`, made when it is first asked for."""
        organizations = self.client("organizations")
        if not self.accounts:
            with contextlib.suppress(organizations.exceptions.AlreadyInOrganizationException):
                organizations.create_organization(FeatureSet="ALL")
        if name not in self.accounts:
            status = organizations.create_account(
                AccountName=name, Email=f"{name}-{uuid.uuid4().hex[:8]}@example.com"
            )["CreateAccountStatus"]
            while status["State"] == "IN_PROGRESS":
                status = organizations.describe_create_account_status(
                    CreateAccountRequestId=status["Id"]
                )["CreateAccountStatus"]
            self.accounts[name] = status["AccountId"]
        return self.accounts[name]

    def administrator(self, account: str) -> boto3.Session:
        """A session of OrganizationAccountAccessRole in the member account with this id."""
        return self.assume(f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole")

    def role(
        self,
        account: str,
        name: str,
        policy: dict[str, Any] | None = None,
        trust: dict[str, Any] | None = None,
    ) -> str:
        """Make a role in a member account and return its ARN; by default the management account's
        bootstrap user may enter it."""
        iam = self.client("iam", self.administrator(account))
        trusted = {"AWS": f"arn:aws:iam::{self.management_account}:user/bootstrap"}
        statement = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
        role = iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=json.dumps(
                trust or {"Version": "2012-10-17", "Statement": [statement]}
            ),
        )["Role"]
        if policy is not None:
            iam.put_role_policy(
                RoleName=name, PolicyName="inline", PolicyDocument=json.dumps(policy)
            )
        return str(role["Arn"])

    def token(self, subject: str, *amr: str) -> str:
        """A token of the stand-in issuer."""
        body: dict[str, Any] = {"secret": self.secret, "sub": subject}
        if amr:
            body["amr"] = list(amr)
        request = urllib.request.Request(
            f"{self.endpoint}/_landrail/identity/token",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            return str(json.load(answer)["token"])

    def event(self, event_id: str) -> dict[str, Any]:
        """The trail's entry of an event."""
        request = urllib.request.Request(
            f"{self.endpoint}/_landrail/events/{event_id}",
            headers={"Authorization": f"Bearer {self.secret}"},
        )
        with urllib.request.urlopen(request) as answer:
            found: dict[str, Any] = json.load(answer)
            return found


def session_of(credentials: dict[str, Any], region: str = REGION) -> boto3.Session:
    """A boto3 session of credentials as STS answers them."""
    return boto3.Session(
        credentials["AccessKeyId"],
        credentials["SecretAccessKey"],
        credentials["SessionToken"],
        region_name=region,
    )


def under_test(document: dict[str, Any], state: Path) -> LocalAwsUnderTest:
    """A running server by its server.json."""
    key = document["bootstrap"]
    return LocalAwsUnderTest(
        document["endpoint"],
        document["secret"],
        document["management_account"],
        state,
        boto3.Session(key["access_key_id"], key["secret_access_key"], region_name=REGION),
    )


@dataclass
class Running:
    """A server that a test starts and ends itself."""

    process: subprocess.Popen[bytes]
    local: LocalAwsUnderTest

    def stop(self) -> int:
        """Stop it in order; return its exit code."""
        return stop_server(self.process)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()


@pytest.fixture
def launch() -> Iterator[Callable[..., Running]]:
    """Start servers over state folders of the test's own; what still runs is stopped at the end."""
    started: list[Running] = []

    def start(state: Path, *arguments: str) -> Running:
        process, document = start_server(state, *arguments)
        started.append(Running(process, under_test(document, state)))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.stop()


@pytest.fixture(scope="session")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAwsUnderTest]:
    """The local AWS that the tests of a session share."""
    state = tmp_path_factory.mktemp("local-aws")
    process, document = start_server(state, "--port", "0")
    yield under_test(document, state)
    assert stop_server(process) == 0


@pytest.fixture(scope="module")
def own_local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAwsUnderTest]:
    """A local AWS that the tests of one module have to themselves."""
    state = tmp_path_factory.mktemp("own-local-aws")
    process, document = start_server(state, "--port", "0")
    yield under_test(document, state)
    assert stop_server(process) == 0


@pytest.fixture
def server_environment() -> dict[str, str]:
    """The environment in which a server is started."""
    return _environment()


@pytest.fixture
def unique() -> Callable[[str], str]:
    """Make a name that no other test uses."""
    return lambda prefix: f"{prefix}-{uuid.uuid4().hex[:10]}"

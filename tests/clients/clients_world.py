"""A local AWS with an organization of three accounts, and the environments of people in it.

What leads a client there is what `landrail as` sets; who it is, is a session of a role, never a
root user: in the member accounts an administrator and a reader, under a service control policy.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3
import pytest

from landrail.operations.enter import surroundings

REGION = "eu-west-1"
ROOT = Path(__file__).resolve().parents[2]

# What the members may not do, whoever asks there.
GUARD = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "StayInTheRegions",
            "Effect": "Deny",
            "NotAction": ["iam:*", "organizations:*", "sts:*", "s3:*", "support:*"],
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": [REGION, "us-east-1"]}},
        },
        {
            "Sid": "KeepTheOrganization",
            "Effect": "Deny",
            "Action": "organizations:LeaveOrganization",
            "Resource": "*",
        },
        {
            "Sid": "NoUsers",
            "Effect": "Deny",
            "Action": ["iam:CreateUser", "iam:CreateAccessKey"],
            "Resource": "*",
        },
    ],
}


@dataclass(frozen=True)
class Person:
    """A session of a role, and the environment of whatever client it starts."""

    arn: str
    account: str
    environment: Mapping[str, str] = field(repr=False)
    folder: Path = Path()

    def start(self, *words: str, ok: bool = True, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run a program as this person, in `folder` where nothing else is said."""
        extra = more.pop("env", {})
        ended = subprocess.run(
            words,
            env={**self.environment, **extra},
            cwd=more.pop("cwd", self.folder),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            **more,
        )
        assert not ok or ended.returncode == 0, f"{words}\n{ended.stdout}\n{ended.stderr}"
        return ended

    def aws(self, *words: str, **more: Any) -> Any:
        """Run aws-cli and return the document that it prints."""
        said = self.start("aws", *words, "--output", "json", **more).stdout
        return json.loads(said) if said.strip() else None

    def refused(self, *words: str, **more: Any) -> str:
        """Run aws-cli, which must fail; return what it says."""
        ended = self.start("aws", *words, ok=False, **more)
        assert ended.returncode != 0, ended.stdout
        return ended.stderr

    def session(self) -> boto3.Session:
        """The same person for boto3 in this process."""
        return boto3.Session(
            self.environment["AWS_ACCESS_KEY_ID"],
            self.environment["AWS_SECRET_ACCESS_KEY"],
            self.environment["AWS_SESSION_TOKEN"],
            region_name=REGION,
        )

    def client(self, service: str, **settings: Any) -> Any:
        """A boto3 client in this process."""
        endpoint = self.environment["AWS_ENDPOINT_URL"]
        return self.session().client(service, endpoint_url=endpoint, **settings)


@dataclass(frozen=True)
class World:
    """A local AWS, its member accounts, and who may enter them."""

    endpoint: str
    secret: str
    home: Path
    state: Path
    management: Person
    accounts: Mapping[str, str]

    def person(self, arn: str, name: str, credentials: Mapping[str, str]) -> Person:
        """The person of a session."""
        return Person(arn, arn.split(":")[4], self._environment(credentials), self.home)

    def enter(self, account: str, role: str, by: Person | None = None) -> Person:
        """Enter a role of an account, by default from the management account."""
        arn = f"arn:aws:iam::{self.accounts[account]}:role/{role}"
        sts = (by or self.management).client("sts")
        answer = sts.assume_role(RoleArn=arn, RoleSessionName="client")
        given = answer["Credentials"]
        return self.person(arn, "client", given)

    def role(self, account: str, name: str, *statements: Mapping[str, Any]) -> Person:
        """Make a role with an inline policy of these statements, and enter it."""
        iam = self.enter(account, "OrganizationAccountAccessRole").client("iam")
        iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=_document(
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{self.accounts['management']}:root"},
                    "Action": "sts:AssumeRole",
                }
            ),
        )
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=_document(*statements))
        return self.enter(account, name)

    def _environment(self, given: Mapping[str, str]) -> dict[str, str]:
        return {
            **ambient(self.home),
            **surroundings(self.endpoint, REGION, self.state),
            "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
            "AWS_SESSION_TOKEN": given.get("SessionToken", ""),
        }


def _document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def program(name: str) -> str:
    """A client's program, of the environment that `make test` prepares for it or of the path; the
    test is skipped where there is neither, but never in CI."""
    prepared = ROOT / f".venv-{name}/bin/{name}"
    found = str(prepared) if prepared.exists() else shutil.which(name)
    if found is None:
        assert "CI" not in os.environ, f"`make test` installs {name}"
        pytest.skip(f"{name} is not installed: `make .venv-{name}/.done`")
    return found


def ambient(home: Path) -> dict[str, str]:
    """The environment of a user who is nobody on AWS, with a home of their own."""
    dropped = ("AWS_", "PYTEST", "BOTO_", "GIT_CONFIG_", "LANDRAIL_", "TF_")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    return {**kept, "HOME": str(home)}


def start_server(state: Path) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
    """Start a local AWS; return it and what it tells clients."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "landrail.localaws", "--state", str(state), "--port", "0"],
        env={**environment, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.DEVNULL,
    )
    file = state / "server.json"
    while process.poll() is None:
        if file.exists():
            document: dict[str, Any] = json.loads(file.read_text())
            return process, document
        time.sleep(0.05)
    raise RuntimeError(f"no local AWS: {(state / 'server.log').read_text()}")


def build(document: Mapping[str, Any], state: Path, home: Path) -> World:
    """Make the organization of a fresh local AWS: two members under a service control policy, each
    with a role for readers."""
    key = document["bootstrap"]
    given = {"AccessKeyId": key["access_key_id"], "SecretAccessKey": key["secret_access_key"]}
    account = document["management_account"]
    accounts: dict[str, str] = {"management": account}
    blank = Person("", account, {}, home)
    world = World(document["endpoint"], document["secret"], home, state, blank, accounts)
    management = world.person(f"arn:aws:iam::{account}:user/bootstrap", "bootstrap", given)
    world = replace(world, management=management)
    organizations = management.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    unit = organizations.create_organizational_unit(ParentId=root, Name="Workloads")
    unit_id = unit["OrganizationalUnit"]["Id"]
    policy = organizations.create_policy(
        Name="guard", Description="", Type="SERVICE_CONTROL_POLICY", Content=json.dumps(GUARD)
    )["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=policy, TargetId=unit_id)
    for name in ("workload", "baseline"):
        made = organizations.create_account(AccountName=name, Email=f"{name}@example.com")
        accounts[name] = made["CreateAccountStatus"]["AccountId"]
        organizations.move_account(
            AccountId=accounts[name], SourceParentId=root, DestinationParentId=unit_id
        )
        _reader(world.enter(name, "OrganizationAccountAccessRole"), account)
    return world


def _reader(administrator: Person, management: str) -> None:
    trusted = {"AWS": f"arn:aws:iam::{management}:root"}
    statement = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
    iam = administrator.client("iam")
    iam.create_role(
        RoleName="reader",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    iam.attach_role_policy(RoleName="reader", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")

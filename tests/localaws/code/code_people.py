"""Shells of anybody in the local AWS, policies in few words, waiting: for the tests beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

REGION = "eu-west-1"
_GET = "credential-helper --ignore-host-check get"
_AWS = str(Path(sys.executable).with_name("aws"))


@dataclass
class Person:
    """A session and the folder it works in."""

    session: boto3.Session
    endpoint: str
    home: Path
    clients: dict[str, Any] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        keys = self.session.get_credentials().get_frozen_credentials()
        helper = f'!f() {{ test "$1" != get || {_AWS} codecommit {_GET}; }}; f'
        rewrite = f"url.{self.endpoint}/v1/repos/.insteadOf"
        return {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "AWS_ACCESS_KEY_ID": keys.access_key,
            "AWS_SECRET_ACCESS_KEY": keys.secret_key,
            "AWS_SESSION_TOKEN": keys.token or "",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_COUNT": "5",
            "GIT_CONFIG_KEY_0": rewrite,
            "GIT_CONFIG_VALUE_0": f"https://git-codecommit.{REGION}.amazonaws.com/v1/repos/",
            "GIT_CONFIG_KEY_1": "credential.helper",
            "GIT_CONFIG_VALUE_1": helper,
            "GIT_CONFIG_KEY_2": "credential.useHttpPath",
            "GIT_CONFIG_VALUE_2": "true",
            "GIT_CONFIG_KEY_3": "user.name",
            "GIT_CONFIG_VALUE_3": "Ana",
            "GIT_CONFIG_KEY_4": "user.email",
            "GIT_CONFIG_VALUE_4": "ana@example.com",
            "GIT_TERMINAL_PROMPT": "0",
        }

    def run(self, *command: str, at: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command in the person's shell."""
        return subprocess.run(
            command,
            cwd=at or self.home,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def client(self, service: str) -> Any:
        """A client of a service, made once: that is what costs."""
        if service not in self.clients:
            self.clients[service] = self.session.client(service, endpoint_url=self.endpoint)
        return self.clients[service]


def allow(*actions: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    """A policy that allows actions."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def trust(*services: str) -> dict[str, Any]:
    """A trust policy for services."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": list(services)},
        "Action": "sts:AssumeRole",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def until(wanted: Callable[[], Any], seconds: float = 60) -> Any:
    """Ask until there is an answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := wanted():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen")


def listening_queue(person: Person, account: str, name: str) -> tuple[str, str]:
    """Make a queue that Events may send to; return its URL and ARN."""
    sqs, arn = person.client("sqs"), f"arn:aws:sqs:{REGION}:{account}:{name}"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    url = sqs.create_queue(QueueName=name, Attributes={"Policy": policy})["QueueUrl"]
    return url, arn

"""Stopped and started, or killed: a platform is afterwards what it was before, in all it holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from landrail.operations.enter import enter

from .conftest import Folder
from .inventory import differences, inventory

FILE = """\
platform: whole
region: eu-west-1
email: aws+{account}@whole.example
lines_of_business: [retail]
operators: [olga]
break_glass: [olga]
teams:
  churn: {lob: retail, scientists: [ana], mlops: [dee], data_engineers: [eli]}
datasets:
  clients: {owner: data, share: [retail], class: internal}
models:
  churn: {team: churn, repo: churn, dataset: clients, gate: "auc >= baseline + 0.01",
    approve: mlops, serve: [online, batch]}
"""
ACCOUNTS = ["shared-prod", "retail-data-science"]


def client(folder: Folder, who: str, service: str) -> Any:
    environment = enter(folder.file, who).environment
    return boto3.Session(
        environment["AWS_ACCESS_KEY_ID"],
        environment["AWS_SECRET_ACCESS_KEY"],
        environment["AWS_SESSION_TOKEN"],
        region_name="eu-west-1",
    ).client(service, endpoint_url=environment["AWS_ENDPOINT_URL"])


def workspace(folder: Folder) -> str:
    names = [b["Name"] for b in client(folder, SCIENTIST, "s3").list_buckets()["Buckets"]]
    return str(next(name for name in names if "workspace" in name))


SCIENTIST = "ana@retail-data-science"
BIG = bytes(range(256)) * 4096


@pytest.fixture(scope="module")
def filled(make_folder: Callable[[str], Folder]) -> Folder:
    """A platform with some work in it: objects with versions, code, a key's ciphertext."""
    folder = make_folder(FILE)
    folder.done("apply", "--auto-approve")
    s3 = client(folder, SCIENTIST, "s3")
    bucket = workspace(folder)
    for body in (b"one", b"two", BIG):
        s3.put_object(Bucket=bucket, Key="churn/ana/notes", Body=body)
    s3.delete_object(Bucket=bucket, Key="churn/ana/notes")
    s3.put_object(Bucket=bucket, Key="churn/ana/big", Body=BIG)
    return folder


def see(folder: Folder) -> dict[str, Any]:
    return inventory(folder.file, ACCOUNTS)


def test_everything_is_there_after_a_stop_and_after_a_kill(filled: Folder) -> None:
    before = see(filled)
    filled.done("local", "stop")
    filled.done("local", "start")
    filled.kill_server()
    filled.done("local", "start")
    assert differences(before, see(filled)) == []
    assert filled.pending() == []
    read = client(filled, SCIENTIST, "s3").get_object(Bucket=workspace(filled), Key="churn/ana/big")
    assert read["Body"].read() == BIG
    assert "workspace" in filled.done("as", SCIENTIST, "--", "aws", "s3", "ls")


def test_apply_starts_a_local_aws_that_is_stopped(filled: Folder) -> None:
    filled.done("local", "stop")
    assert "0 of 0 changes made" in filled.done("apply", "--auto-approve")
    assert json.loads(filled.done("local", "status", "--json"))["healthy"] is True

"""Listeners: whose they are, how they end, and that they cost nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from network_places import REGION, client

READ = """
import sys, boto3
s3 = boto3.client("s3", endpoint_url=sys.argv[1], region_name="eu-west-1")
print(s3.get_object(Bucket=sys.argv[2], Key="k")["Body"].read().decode())
"""

MAPPED = """
import socket, sys
with socket.socket(socket.AF_INET6) as connection:
    connection.connect(("::ffff:127.0.0.1", int(sys.argv[1])))
    lines = ("GET /_landrail/health HTTP/1.1", "Host: x", "Connection: close", "", "")
    connection.sendall("\\r\\n".join(lines).encode())
    print(b"".join(iter(lambda: connection.recv(65536), b"")).decode())
"""


def post(local_aws, body, secret=None, method="POST"):
    request = urllib.request.Request(
        f"{local_aws.endpoint}/_landrail/network",
        data=None if body is None else json.dumps(body).encode(),
        method=method,
        headers={
            "Authorization": f"Bearer {secret or local_aws.secret}",
            "Content-Type": "application/json",
        },
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def until(condition, seconds=15):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def other():
    """A process that is not ours to speak for."""
    process = subprocess.Popen(["sleep", "60"])
    yield process
    process.kill()
    process.wait()


def test_another_process_s_listener_is_not_ours(place, inside, other):
    bucket, me = place.bucket(), place.enter()
    theirs = inside(pid=other.pid)
    with pytest.raises(ClientError) as caught:
        client("s3", me, theirs).get_object(Bucket=bucket, Key="k")
    error = caught.value.response["Error"]
    assert error["Code"] == "AccessDenied"
    assert "belongs to another process" in error["Message"]
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{theirs}/v1/repos/any/info/refs?service=git-upload-pack")
    with refused.value as answer:
        assert (answer.code, b"another process" in answer.read()) == (403, True)
    assert client("s3", me, inside()).get_object(Bucket=bucket, Key="k")["Body"].read() == b"data"


def test_it_serves_the_processes_below_its_own(place, inside):
    bucket, keys = place.bucket(), place.enter().get_credentials()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("AWS_")},
        "AWS_ACCESS_KEY_ID": keys.access_key,
        "AWS_SECRET_ACCESS_KEY": keys.secret_key,
        "AWS_SESSION_TOKEN": keys.token,
    }
    done = subprocess.run(
        [sys.executable, "-c", READ, inside(), bucket],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "data\n", done.stderr


def test_a_client_that_speaks_by_a_socket_of_ipv6(inside, other):
    for pid in (os.getpid(), other.pid):
        done = subprocess.run(
            [sys.executable, "-c", MAPPED, inside(pid=pid).rpartition(":")[2]],
            capture_output=True,
            text=True,
            check=True,
        )
        status = done.stdout.split()[1]
        assert status == ("403" if pid == other.pid else "200"), done.stdout


def test_it_ends_with_its_process(place, inside, ask):
    process = subprocess.Popen(["sleep", "60"])
    endpoint = inside(pid=process.pid)
    before = len(ask()["open"])
    process.kill()
    process.wait()
    until(lambda: len(ask()["open"]) < before)
    with pytest.raises(EndpointConnectionError):
        client("s3", place.enter(), endpoint).list_buckets()


def test_a_process_that_is_gone_gets_none(inside, ask):
    process = subprocess.Popen(["true"])
    process.wait()
    before = len(ask()["open"])
    inside(pid=process.pid)
    until(lambda: len(ask()["open"]) <= before)


def test_hundreds_cost_no_threads_and_leave_nothing(local_aws, inside, ask, other):
    server = json.loads((local_aws.state / "server.json").read_text())["pid"]

    def threads():
        status = Path(f"/proc/{server}/status").read_text()
        return int(status.split("Threads:")[1].split()[0])

    def files():
        return len(os.listdir(f"/proc/{server}/fd"))

    inside()
    open_before, threads_before, files_before = len(ask()["open"]), threads(), files()
    for _ in range(200):
        inside(pid=other.pid)
    assert len(ask()["open"]) == open_before + 200
    assert threads() <= threads_before + 2
    other.kill()
    until(lambda: len(ask()["open"]) == open_before)
    until(lambda: files() <= files_before + 2)


def test_who_may_open_one_and_where(local_aws, place):
    known = {
        "account": place.account,
        "region": REGION,
        "role": place.role,
        "place": place.vpc,
        "pid": os.getpid(),
    }
    status, opened = post(local_aws, known)
    assert (status, opened["vpc"]) == (200, place.vpc)
    assert opened["address"].startswith("10.20.")
    assert post(local_aws, known, secret="guessed")[0] == 403
    assert post(local_aws, None, secret="guessed", method="GET")[0] == 403
    for wrong in ({"pid": 1}, {"pid": "12"}, {"pid": True}, {"account": 1}, {"place": ["x"]}):
        assert post(local_aws, {**known, **wrong})[0] == 400
    assert post(local_aws, ["not", "an", "object"])[0] == 400
    assert "vpc-nowhere" in post(local_aws, {**known, "place": "vpc-nowhere"})[1]["error"]
    nowhere = {**known, "account": local_aws.management_account, "place": None}
    assert "has no VPC" in post(local_aws, nowhere)[1]["error"]


def test_several_vpcs_have_to_be_told_apart(local_aws, ask):
    account = local_aws.account("two-networks")
    ec2 = local_aws.client("ec2", local_aws.administrator(account))
    asked = {"account": account, "region": REGION, "role": "any", "pid": os.getpid()}
    made = []
    for number in (1, 2):
        vpc = ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"]
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.{number}.1.0/24")
        made.append(vpc)
        answer = ask(**asked)
        assert ("endpoint" in answer) is (number == 1)
    assert all(vpc in answer["error"] for vpc in made)
    assert ask(**asked, place=made[1])["vpc"] == made[1]

"""Hostile jobs: what they see of others, what they reach, and what they leave behind for the
server to read."""

from __future__ import annotations

import io
import json
import sys
import tarfile
from pathlib import Path

import pytest
from hostile import COLD, NETWORKED, WARM, attacked, found, hostile

from landrail.localaws.runtimes.process import isolation

pytestmark = pytest.mark.skipif(isolation() != "bubblewrap", reason="needs bubblewrap")
STARTS = pytest.mark.parametrize("start", [COLD, WARM, NETWORKED], ids=["cold", "warm", "network"])

LOOK = """
def can(act, *words):
    try:
        act(*words)
        return True
    except (OSError, PermissionError):
        return False
import ctypes, socket
libc = ctypes.CDLL(None, use_errno=True)
state = settings["state"]
status = dict(l.split(":", 1) for l in open("/proc/self/status").read().splitlines())
seen |= {
    "there": [p for p in (state, "/home", "/var", "/srv", "/boot", "/mnt", "/run", "/sys/fs",
                          "/root/.ssh", "/root/.aws", "/etc/shadow") if os.path.exists(p)],
    "env": sorted(os.environ),
    "processes": [p for p in os.listdir("/proc") if p.isdigit()],
    "handles": [os.readlink(f"/proc/self/fd/{n}") for n in (0, 1, 2)],
    "more": [n for n in os.listdir("/proc/self/fd")
             if int(n) > 2 and os.path.exists(f"/proc/self/fd/{n}")],
    "before": open("/proc/1/environ").read(),
    "powers": [status[n].strip() for n in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")],
    "no new": status["NoNewPrivs"].strip(),
    "server": can(os.kill, int(settings["pid"]), 0),
    "written": [p for p in ("/usr/x", "/bin/x", "/opt/program/x", "/dev/x", sys.prefix + "/x")
                if can(open, p, "w")],
    "root": os.statvfs("/").f_blocks * os.statvfs("/").f_frsize,
    "mounted": libc.mount(b"x", b"/tmp", b"tmpfs", 0, None) == 0,
    "remounted": libc.mount(None, b"/usr", None, 32 | 4096, None) == 0,
    "unshared": libc.unshare(0x20000) == 0,
    "new user": libc.unshare(0x10000000) == 0 and can(open, "/proc/self/setgroups", "w")
                and libc.mount(b"x", b"/tmp", b"tmpfs", 0, None) == 0,
    "device": can(os.mknod, "/tmp/disk", 0o60600, os.makedev(8, 0)),
    "tracing": libc.ptrace(16, int(settings["pid"]), None, None) == 0,
}
"""
REACH = """
import socket
def reached(host, port):
    try:
        socket.create_connection((host, port), 2).close()
        return True
    except OSError:
        return False
seen["reached"] = [f"{h}:{p}" for h, p in json.loads(settings["places"]) if reached(h, p)]
own = socket.create_server(("127.0.0.1", 0))
seen["own"] = reached(*own.getsockname())
"""
GIVEN = {
    *("HOME", "TMPDIR", "PWD", "PATH", "LC_CTYPE", "OMP_WAIT_POLICY", "SAGEMAKER_BASE_DIR"),
    *("PYTHONPATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"),
    *("TRAINING_JOB_NAME", "TRAINING_JOB_ARN", "AWS_REGION", "AWS_DEFAULT_REGION", "ODD"),
}
CREDENTIALS = {
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"),
    "AWS_EC2_METADATA_DISABLED",
}


@pytest.fixture(scope="module")
def attacker(studio):
    return hostile(studio)


def server_facts(studio):
    return json.loads((studio.cloud.state / "server.json").read_text())


@STARTS
def test_a_job_sees_itself_alone_and_has_no_powers(attacker, start):
    state = attacker.cloud.state
    pid = str(server_facts(attacker)["pid"])
    seen = found(attacker, LOOK, start, state=str(state), pid=pid)
    assert seen["forked"] is (start is WARM)
    assert [p for p in seen["there"] if not Path(sys.executable).is_relative_to(p)] == []
    assert len(seen["processes"]) <= 3
    assert seen["more"] == []
    assert seen["handles"][0] == "/dev/null"
    assert seen["powers"] == ["0" * 16] * 5
    assert seen["no new"] == "1"
    for forbidden in ("server", "mounted", "remounted", "new user", "device", "tracing"):
        assert seen[forbidden] is False, forbidden
    assert seen["unshared"] is False
    assert seen["written"] == []
    assert seen["root"] < 1e9
    own = GIVEN | (CREDENTIALS if start is NETWORKED else set())
    assert {name for name in seen["env"] if not name.startswith("SM_")} <= own
    secret = (state / "secret").read_text().strip()
    assert secret not in json.dumps(seen)


@pytest.mark.parametrize("start", [COLD, WARM], ids=["cold", "warm"])
def test_without_a_network_it_reaches_itself_alone(attacker, start):
    port = server_facts(attacker)["port"]
    places = [["127.0.0.1", port], ["169.254.169.254", 80], ["8.8.8.8", 53]]
    seen = found(attacker, REACH, start, places=json.dumps(places))
    assert seen["reached"] == []
    assert seen["own"] is True


def test_with_one_it_reaches_the_local_aws(attacker):
    port = server_facts(attacker)["port"]
    seen = found(attacker, REACH, NETWORKED, places=json.dumps([["127.0.0.1", port]]))
    assert seen["reached"] == [f"127.0.0.1:{port}"]


@pytest.mark.parametrize("start", [COLD, WARM], ids=["cold", "warm"])
def test_no_link_that_it_leaves_is_followed(attacker, start):
    code = """
    import shutil
    state = settings["state"]
    (BASE / "output/data/mine.txt").write_text("mine")
    os.symlink(f"{state}/secret", BASE / "output/data/secret")
    os.symlink(state, BASE / "output/data/state")
    os.mkfifo(BASE / "output/data/pipe")
    shutil.rmtree(BASE / "model")
    os.symlink(state, BASE / "model")
    os._exit(0)
    """
    job = attacked(attacker, code, start, state=str(attacker.cloud.state))
    assert job["TrainingJobStatus"] == "Completed"
    model = job["ModelArtifacts"]["S3ModelArtifacts"]
    assert names(attacker.get(model)) == []
    output = model.replace("model.tar.gz", "output.tar.gz")
    assert names(attacker.get(output)) == ["mine.txt"]


def test_no_link_of_its_own_is_told_as_the_reason(attacker):
    code = """
    os.symlink(settings["state"] + "/secret", BASE / "output/failure")
    os._exit(1)
    """
    job = attacked(attacker, code, WARM, state=str(attacker.cloud.state))
    assert job["FailureReason"] == (
        "AlgorithmError: See job logs for more information, exit code: 1"
    )


def test_two_jobs_draw_other_numbers(attacker):
    code = """
    import random, secrets, tempfile
    seen["drawn"] = [float(numpy.random.rand()), random.random(), secrets.token_hex(8)]
    seen["new"] = numpy.random.default_rng().random()
    """
    one, other = (found(attacker, code, WARM) for _ in range(2))
    assert one["forked"]
    assert other["forked"]
    assert one["new"] != other["new"]
    assert not set(map(str, one["drawn"])) & set(map(str, other["drawn"]))


def test_a_job_ends_with_all_its_children(attacker):
    code = """
    import subprocess, sys, time
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"],
                     start_new_session=True)
    seen["left"] = True
    """
    assert found(attacker, code, WARM)["left"]
    assert not any("time.sleep(600)" in line for line in commands())


def names(archive):
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as opened:
        return opened.getnames()


def commands():
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue


def test_in_a_subnet_it_reaches_aws_by_its_own_way_alone(attacker):
    ec2 = attacker.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.31.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.31.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="h", Description="h", VpcId=vpc)["GroupId"]
    ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName="com.amazonaws.eu-west-1.s3",
        RouteTableIds=[
            ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"][
                0
            ]["RouteTableId"]
        ],
    )
    code = (
        REACH
        + """
import boto3, botocore.exceptions
s3 = boto3.client("s3")
seen["keys"] = s3.list_objects_v2(Bucket=settings["bucket"], Prefix="numbers/")["KeyCount"]
try:
    boto3.client("kms").list_keys()
except botocore.exceptions.ClientError as error:
    seen["kms"] = error.response["Error"]["Code"]
"""
    )
    place = {"VpcConfig": {"Subnets": [subnet], "SecurityGroupIds": [group]}}
    port = server_facts(attacker)["port"]
    places = json.dumps([["127.0.0.1", port], ["169.254.169.254", 80], ["8.8.8.8", 53]])
    seen = found(attacker, code, place, places=places, bucket=attacker.bucket)
    assert (seen["keys"], seen["kms"], seen["reached"]) == (2, "NoRouteToService", [])
    stopped = attacked(attacker, "sys.exit(9)", place)
    assert stopped["FailureReason"].endswith("exit code: 9")
    killed = attacked(attacker, "os.kill(os.getpid(), 9)", place)
    assert killed["FailureReason"].endswith("exit code: 137")

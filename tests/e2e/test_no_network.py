"""The demo in a network that has nothing but the loopback interface: builds, jobs and git too are
inside, and the kernel counts every packet that had nowhere to go."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import BIN, poisoned

pytestmark = pytest.mark.xdist_group("demo")

UP = """
import fcntl, socket, struct, subprocess, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    fcntl.ioctl(s, 0x8914, struct.pack("16sH14s", b"lo", 0x1 | 0x40, b""))  # SIOCSIFFLAGS: up
ended = subprocess.run(sys.argv[1:])
names, values = [l.split() for l in open("/proc/net/snmp") if l.startswith("Ip:")]
told = dict(zip(names, values))
six = dict(l.split() for l in open("/proc/net/snmp6"))
print("LEFT", int(told["OutNoRoutes"]) + int(six.get("Ip6OutNoRoutes", 0)))
sys.exit(ended.returncode)
"""


def alone(where: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["unshare", "-n", sys.executable, "-c", UP, *command],
        cwd=where,
        env=poisoned(where / "home", where / "connections.log"),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture(autouse=True)
def allowed() -> None:
    if subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this user may not make a network namespace")


@pytest.mark.soak  # in every run the demo's connections are watched in its processes instead
def test_the_demo_sends_nothing_off_the_loopback_interface(tmp_path: Path) -> None:
    ended = alone(tmp_path, str(BIN / "landrail"), "demo", "--fast", "--json")
    subprocess.run(
        [
            str(BIN / "landrail"),
            "local",
            "stop",
            "-f",
            str(tmp_path / "landrail-demo/landrail.yaml"),
        ],
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:] + ended.stdout[-2000:]
    assert ended.stdout.rstrip().endswith("LEFT 0")


def test_the_kernel_would_have_counted_one(tmp_path: Path) -> None:
    program = "import socket; socket.socket().connect_ex(('192.0.2.1', 80))"
    ended = alone(tmp_path, sys.executable, "-S", "-c", program)
    assert int(ended.stdout.rpartition("LEFT ")[2]) >= 1

"""The facts of a running local AWS, as its state folder tells them.

The server writes `server.json` when it is ready. What is read here is believed only if the process
it names is alive and is a local AWS of the same folder.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from landrail.diagnostics import Failure

FACTS = "server.json"
HEALTH = "/_landrail/health"
MODULE = "landrail.localaws"


@dataclass(frozen=True, slots=True)
class Server:
    """A running local AWS; the secrets open its sign-in and its bootstrap user, print neither."""

    state: Path
    endpoint: str
    port: int
    pid: int
    management_account: str
    secret: str = field(repr=False)
    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)
    more: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def address(self) -> str:
        """The address for people: `127.0.0.1:PORT`."""
        return f"127.0.0.1:{self.port}"

    def get(self, path: str, seconds: float = 5.0) -> dict[str, Any] | None:
        """Return the JSON answer of one of the server's own pages, or None."""
        return _exchange(self.port, "GET", path, None, seconds, self.secret)

    def post(self, path: str, body: Mapping[str, Any], seconds: float = 30.0) -> dict[str, Any]:
        """Return the answer to a JSON body; raises Failure where there is none."""
        answer = _exchange(self.port, "POST", path, body, seconds, self.secret)
        if answer is None:
            raise Failure(f"the local AWS at {self.address} does not answer `{path}`")
        return answer


def running(state: Path) -> Server | None:
    """Return the local AWS of a state folder if it runs."""
    try:
        facts = json.loads((state / FACTS).read_text(encoding="utf-8"))
        server = Server(
            state=state,
            endpoint=facts["endpoint"],
            port=int(facts["port"]),
            pid=int(facts["pid"]),
            management_account=facts["management_account"],
            secret=facts["secret"],
            access_key_id=facts["bootstrap"]["access_key_id"],
            secret_access_key=facts["bootstrap"]["secret_access_key"],
            more=facts,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return server if is_ours(server.pid, state) else None


def require(state: Path) -> Server:
    """Return the running local AWS of a state folder; raises Failure where there is none."""
    server = running(state)
    if server is None:
        raise Failure(
            "the local AWS of this folder is not running",
            "`landrail local start` starts it; `landrail apply` does too",
        )
    return server


def is_ours(pid: int, state: Path) -> bool:
    """Return whether a process is a local AWS of that state folder: pids are used again."""
    words = _command_line(pid)
    return MODULE in words and str(state.resolve()) in words


def memory_mb(pid: int) -> float | None:
    """Return the resident memory of a process, or None where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return None
    for line in status.splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) / 1024, 1)
    return None


def _command_line(pid: int) -> list[str]:
    if Path("/proc/self/cmdline").exists():
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return []
        return [word.decode("utf-8", "replace") for word in raw.split(b"\0")]
    listed = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listed.stdout.split()


def _exchange(
    port: int,
    method: str,
    path: str,
    body: Mapping[str, Any] | None,
    seconds: float,
    secret: str,
) -> dict[str, Any] | None:
    connection = HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        text = None if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"}
        connection.request(method, path, text, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            return None
        value = json.loads(content)
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return value if isinstance(value, dict) else None
